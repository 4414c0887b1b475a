/// @file
/// Who started whom, as the kernel knows it: a server's own children set up sessions of their own, so that a
/// signal to its process group does not reach them.
#pragma once

#include <sys/types.h>

#include <vector>

namespace patt::postgres {

/// The children of a process, and theirs. Not the process itself.
[[nodiscard]] std::vector<pid_t> descendants_of(pid_t process);

/// Sends a signal to a process and to all its descendants. The process is stopped first, so that no child is
/// missed that it makes meanwhile; whoever wants it to go on sends SIGCONT.
void signal_tree(pid_t process, int signal);

} // namespace patt::postgres
