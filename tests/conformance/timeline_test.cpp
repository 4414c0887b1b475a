// The highest timeline that this machine has seen, in its file: kept whole, and never lowered.
#include "conformance/temporary_directory.hpp"
#include "store/postgres/timeline.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace patt::store::postgres {
namespace {

/// While it lives this process can write nothing to a file, as on a full disk.
class full_disk {
public:
    full_disk()
        : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit none = before_;
        none.rlim_cur = 0;
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    full_disk(const full_disk&) = delete;
    full_disk& operator=(const full_disk&) = delete;
    ~full_disk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit before_{};
};

class Timeline : public testing::Test {
protected:
    temporary_directory folder_;
    std::filesystem::path file_ = folder_.path() / "timeline";

    void write(std::int64_t number) const { std::ofstream(file_) << number << '\n'; }
    [[nodiscard]] std::int64_t kept() const {
        std::int64_t number = 0;
        return std::ifstream(file_) >> number ? number : -1;
    }
    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& each : std::filesystem::directory_iterator(folder_.path())) {
            names.push_back(each.path().filename());
        }
        return names;
    }
};

TEST_F(Timeline, StaysAsItWasOnAFullDiskAndIsKeptWhenThereIsRoomAgain) {
    write(4);
    timeline_memory seen(file_);
    {
        const full_disk now;
        seen.raise(5);
    }
    EXPECT_EQ(kept(), 4) << "the file is worth more than nothing";
    EXPECT_EQ(seen.highest(), 5) << "this process knows all the same";
    EXPECT_THAT(files(), testing::ElementsAre("timeline"));
    std::this_thread::sleep_for(timeline_memory::before_trying_again);
    seen.raise(5);
    EXPECT_EQ(kept(), 5);
}

TEST_F(Timeline, IsNotLoweredByAProcessThatHasNotSeenTheFailover) {
    timeline_memory old(file_);
    timeline_memory fresh(file_);
    fresh.raise(5);
    old.raise(4); // Its own first one: it reached only the server that was left behind.
    EXPECT_EQ(kept(), 5);
    EXPECT_EQ(old.highest(), 5) << "and it learns of the failover";
    EXPECT_THAT(files(), testing::ElementsAre("timeline"));
}

TEST_F(Timeline, IsTheHighestOfAllWhoWriteAtTheSameTime) {
    for (int round = 0; round < 20; ++round) {
        std::filesystem::remove(file_);
        std::vector<std::jthread> processes;
        for (std::int64_t number = 1; number <= 4; ++number) {
            processes.emplace_back([this, number] {
                timeline_memory seen(file_);
                for (int i = 0; i < 1000 && kept() < number; ++i) {
                    seen.raise(number);
                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
                }
            });
        }
        processes.clear();
        EXPECT_EQ(kept(), 4);
    }
    EXPECT_THAT(files(), testing::ElementsAre("timeline"));
}

TEST_F(Timeline, WaitsForNobodyWhoHoldsTheFileForLong) {
    const int other = ::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_EQ(::flock(other, LOCK_EX), 0);
    timeline_memory seen(file_);
    const auto begun = std::chrono::steady_clock::now();
    seen.raise(5);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(2));
    EXPECT_EQ(kept(), -1);
    ::close(other);
    std::this_thread::sleep_for(timeline_memory::before_trying_again);
    seen.raise(5);
    EXPECT_EQ(kept(), 5) << "what could not be written is written later";
}

TEST_F(Timeline, WritesOverAFileThatHoldsNoNumber) {
    std::ofstream(file_) << "";
    timeline_memory seen(file_);
    EXPECT_EQ(seen.highest(), 0);
    seen.raise(3);
    EXPECT_EQ(kept(), 3);
}

TEST_F(Timeline, IsOnlyRememberedWhereTheFileCannotBeMade) {
    timeline_memory seen(folder_.path() / "nowhere" / "timeline");
    seen.raise(3);
    EXPECT_EQ(seen.highest(), 3);
}

} // namespace
} // namespace patt::store::postgres
