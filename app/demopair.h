// DemoPair: where the bundled models are.
#pragma once

#include <QString>

#include <optional>

namespace trilobit {

/// A full-precision model and its 1.58-bit sister, as files.
struct DemoPair {
    QString full, ternary;
    /// In $TRILOBIT_SAMPLES, in share/trilobit/samples beside the program's folder, or in the source tree it was built in.
    static std::optional<DemoPair> find();
};

} // namespace trilobit
