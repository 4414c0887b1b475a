// Makes the guilds of the tests in an empty database, as this version of PATT writes them:
// tools/dev/older-host builds an older version's, so that a database really is what that one left.
//
//   hosts_guilds DATABASE GUILDS NEWCOMERS
//
// DATABASE is as for hosts_host, with the superuser. It prints `made` at the end, or what went wrong.

#include "hosts/guilds.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

int main(int count, char** arguments) {
    using namespace patt;
    if (count != 4) {
        std::fputs("usage: hosts_guilds DATABASE GUILDS NEWCOMERS\n", stderr);
        return 2;
    }
    try {
        hosts::make_guilds(arguments[1],
                           {std::atoi(arguments[2]), hosts::members_of_a_roster(), std::atoi(arguments[3])});
        std::puts("made");
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "hosts_guilds: %s\n", e.what());
        return 1;
    }
}
