/// @file
/// For tests: skips with a reason where the server is not installed; in CI that is a failure.
#pragma once

#include "postgres/installation.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <string>

/// At the beginning of a test or of SetUp: goes on only where there is what the test needs.
#define PATT_NEEDS(why)                                                                                      \
    do {                                                                                                     \
        const std::string patt_why = (why);                                                                  \
        if (!patt_why.empty() && patt::postgres::is_ci()) {                                                  \
            FAIL() << patt_why;                                                                              \
        }                                                                                                    \
        if (!patt_why.empty()) {                                                                             \
            std::cout << "skipped: " << patt_why << '\n';                                                    \
            GTEST_SKIP() << patt_why;                                                                        \
        }                                                                                                    \
    } while (false)

#define PATT_NEEDS_POSTGRES() PATT_NEEDS(patt::postgres::why_missing())
#define PATT_NEEDS_BOUNCER() PATT_NEEDS(patt::postgres::why_bouncer_missing())
