// Sample for the co_await lint: never built. Lines that end in "bad" must be found, all others not.
#include <coroutine>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

struct task {
    struct promise_type {
        task get_return_object();
        std::suspend_never initial_suspend() noexcept;
        std::suspend_never final_suspend() noexcept;
        void return_void();
        void unhandled_exception();
    };
    [[nodiscard]] bool await_ready() const noexcept;
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    void await_resume();
};

struct aggregate {
    std::string name;
    int count = 0;
};

struct with_constructor {
    explicit with_constructor(std::string text);
    std::string name;
};

task takes(aggregate value);
task takes_constructed(with_constructor value);
task takes_list(std::initializer_list<std::string> values);
template <class F>
task calls(F function);
aggregate make_aggregate();

task bad_ones(std::shared_ptr<int> held) {
    co_await takes(aggregate{"a", 1});         // bad
    co_await takes({"a", 1});                  // bad
    co_await takes({.name = "a", .count = 1}); // bad
    co_await takes_list({"a", "b"});           // bad
    co_await calls([held] { return *held; });  // bad
}

task good_ones(std::shared_ptr<int> held) {
    aggregate local{"a", 1};
    co_await takes(std::move(local));
    co_await takes(make_aggregate());
    co_await takes_constructed(with_constructor("a"));
    const auto function = [held] { return *held; };
    co_await calls(function);
    auto started = takes(aggregate{"b", 2});
    co_await std::move(started);
}

} // namespace
