#include "guild_file.hpp"

#include "exit_code.hpp"

#include <patt/store/transfer.hpp>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <system_error>

namespace patt::cli {

namespace {

constexpr std::size_t block = std::size_t{1} << 16;

[[noreturn]] void broken(const std::filesystem::path& name, std::string_view what) {
    throw failure(fmt::format("{} cannot be {}: {}", name.empty() ? "standard output" : name.string(), what,
                              std::generic_category().message(errno)));
}

} // namespace

new_file::new_file(const std::string& name) {
    if (name == "-") {
        descriptor_ = STDOUT_FILENO;
        return;
    }
    name_ = name;
    if (std::filesystem::exists(name_)) {
        throw refusal({errc::already_exists,
                       fmt::format("{} is there already; it is not overwritten. Give another name", name)});
    }
    partial_ = name + ".partial";
    guard_ = std::make_unique<removed_when_interrupted>(partial_);
    // Readable by its owner alone: it holds what people wrote to their guild.
    descriptor_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor_ < 0) {
        broken(partial_, "made");
    }
}

new_file::~new_file() {
    if (!partial_.empty()) {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
        std::error_code ignored;
        std::filesystem::remove(partial_, ignored);
    }
}

void new_file::put(std::string_view line) {
    waiting_ += line;
    waiting_ += '\n';
    if (waiting_.size() >= block) {
        write_out();
    }
}

void new_file::write_out() {
    std::string_view rest = waiting_;
    while (!rest.empty()) {
        const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno != EINTR) {
            broken(name_, "written");
        }
        rest.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    waiting_.clear();
}

void new_file::finish() {
    write_out();
    if (partial_.empty()) {
        return;
    }
    if (::fsync(descriptor_) != 0 || ::close(descriptor_) != 0) {
        descriptor_ = -1;
        broken(name_, "written");
    }
    descriptor_ = -1;
    // A link refuses to take the place of a file that appeared meanwhile; a rename would not.
    if (::link(partial_.c_str(), name_.c_str()) != 0) {
        broken(name_, "named");
    }
}

line_reader::line_reader(const std::string& name)
    : from_(&std::cin) {
    if (name == "-") {
        return;
    }
    file_.open(name, std::ios::binary);
    if (!file_) {
        throw refusal({errc::not_found, fmt::format("there is no file {} that can be read", name)});
    }
    std::error_code unknown;
    const auto size = std::filesystem::file_size(name, unknown);
    total_ = unknown ? 0 : static_cast<std::int64_t>(size);
    from_ = &file_;
}

std::optional<std::string_view> line_reader::next() {
    line_.clear();
    std::streambuf& in = *from_->rdbuf();
    for (int c = in.sbumpc(); c != std::char_traits<char>::eof(); c = in.sbumpc()) {
        ++bytes_;
        if (c == '\n') {
            return line_;
        }
        line_ += static_cast<char>(c);
        if (line_.size() > store::transfer_longest_line) {
            return line_;
        }
    }
    return line_.empty() ? std::nullopt : std::optional<std::string_view>(line_);
}

} // namespace patt::cli
