/// @file
/// Free ports on loopback.
#pragma once

namespace patt::postgres {

/// A port that nobody listens on now. Somebody else may take it before it is used: whoever uses it tries
/// again.
[[nodiscard]] int free_port();

/// True when somebody accepts connections there.
[[nodiscard]] bool accepts(int port);

} // namespace patt::postgres
