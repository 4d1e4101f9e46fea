// KernelWork: a kernel with what it runs on, ready to be measured; the lists of all there are.
#pragma once

#include "core/eval/kernelbench/kernelbench.h"
#include "core/kernels/kernelset.h"

#include <functional>
#include <memory>

namespace trilobit {

class KernelWork {
public:
    virtual ~KernelWork() = default;

    /// Undoes what runs did to their own input. Not measured.
    virtual void refresh() {}
    /// Errors: Cancelled.
    virtual Result<void> run(std::int64_t tokens, RunControl& control) = 0;

    /// Calls that one run makes, where a single one is too short for a clock.
    virtual std::int64_t calls(std::int64_t tokens) const { return (void)tokens, 1; }
    virtual std::string kernel() const = 0;
    virtual std::uint64_t bytes() const = 0;
    virtual std::uint64_t encodedBytes() const { return 0; }
    /// Of one call.
    virtual double bytesOfCall(std::int64_t tokens) const { return (void)tokens, static_cast<double>(bytes()); }
    virtual double operations(std::int64_t tokens) const { return (void)tokens, 0; }
    /// The unit that multiplies; None for row operations.
    virtual KernelBound unit() const { return KernelBound::None; }
};

/// A work that is made when its turn comes: all of them at once would be too large.
struct KernelCase {
    std::string name, encoding;
    /// May throw std::bad_alloc. Errors: Unsupported (no such matrix), Cancelled.
    std::function<Result<std::unique_ptr<KernelWork>>(RunControl&)> make;
};

using KernelCases = std::vector<KernelCase>;

/// Products with matrices: ternary forms, block panels, and every encoding with float activations.
void addMatrixCases(const EncodingRegistry& encodings, const KernelSet& set, const KernelBenchOptions& options, KernelCases& cases);
/// Attention over keys and values.
void addCacheCases(const KernelSet& set, const KernelBenchOptions& options, KernelCases& cases);
/// Norms, softmax, gates, rounding of activations, storing of keys and values.
void addRowCases(const KernelSet& set, const KernelBenchOptions& options, KernelCases& cases);

} // namespace trilobit
