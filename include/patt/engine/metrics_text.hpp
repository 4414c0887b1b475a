/// @file
/// Figures as Prometheus reads them (text format 0.0.4,
/// https://prometheus.io/docs/instrumenting/exposition_formats/).
#pragma once

#include <patt/engine/metrics.hpp>
#include <patt/store/pool.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace patt::engine {

enum class metric_kind : std::uint8_t {
    counter, ///< Only ever grows; its name ends in `_total`.
    gauge,   ///< What is now.
};

/// One value, with the labels that tell it from others of its name.
struct sample {
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
};

/// One thing that is measured. Times are in seconds.
struct metric {
    std::string name; ///< `patt_...`
    std::string help; ///< One sentence.
    metric_kind kind = metric_kind::gauge;
    std::vector<sample> samples;
};

/// The whole page: HELP, TYPE and the samples of each. Whatever stands in helps and labels is escaped.
[[nodiscard]] std::string metrics_text(std::span<const metric> metrics);

/// What an engine counted, as metrics.
[[nodiscard]] std::vector<metric> metrics_of(const engine_metrics& counted);

/// The connections of a host's `queries`, as metrics.
[[nodiscard]] std::vector<metric> metrics_of(const store::pool_state& readers);

} // namespace patt::engine
