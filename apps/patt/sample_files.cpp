#include "sample_files.hpp"

#include "exit_code.hpp"

#include <cstdlib>
#include <vector>

namespace patt::cli {

std::filesystem::path sample_directory() {
    namespace fs = std::filesystem;
    std::vector<fs::path> places;
    if (const char* set = std::getenv("PATT_SAMPLE_DIR"); set != nullptr && *set != '\0') {
        places.emplace_back(set);
    }
    places.emplace_back("sample");
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    if (!failed) {
        places.push_back(program.parent_path() / "../share/patt/sample");
        places.push_back(program.parent_path() / "../../../sample");
    }
    std::string looked;
    for (const fs::path& p : places) {
        if (fs::exists(p / "roster.json")) {
            return p.lexically_normal();
        }
        looked += (looked.empty() ? "" : ", ") + p.lexically_normal().string();
    }
    throw refusal(
        {errc::not_found, "the sample guild is not there (looked in " + looked + "); set PATT_SAMPLE_DIR"});
}

} // namespace patt::cli
