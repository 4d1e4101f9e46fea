// Helpers of the encoding tests: encode, decode and compare as bits.
#pragma once

#include "core/base/rng.h"
#include "core/encodings/encodingregistry.h"
#include "tests/support/testdata.h"

#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

namespace trilobit::test {

inline std::shared_ptr<const Encoding> encodingOrFail(const char* id) {
    auto found = EncodingRegistry::builtin().find(id);
    if (!found)
        qFatal("no encoding %s", id);
    return *std::move(found);
}

inline std::uint64_t sizeOrFail(const Encoding& encoding, std::int64_t rows, std::int64_t cols) {
    const auto size = encoding.sizeBytes(rows, cols);
    if (!size)
        qFatal("%s", size.error().text().c_str());
    return *size;
}

/// Bytes as written, starting from 0xAA so that a byte left out shows.
inline Result<std::vector<std::byte>> encoded(const Encoding& encoding, const std::vector<float>& weights,
                                              std::int64_t cols, std::span<const float> importance = {}) {
    const MatrixView view{weights.data(), static_cast<std::int64_t>(weights.size()) / cols, cols};
    std::vector<std::byte> bytes(sizeOrFail(encoding, view.rows, cols), std::byte{0xAA});
    RunControl control;
    TRILOBIT_CHECK(encoding.encode(view, importance, bytes, control));
    return bytes;
}

inline std::vector<float> decoded(const Encoding& encoding, std::span<const std::byte> bytes, std::int64_t rows,
                                  std::int64_t cols) {
    std::vector<float> out(static_cast<std::size_t>(rows * cols));
    encoding.decodeRows(bytes, rows, cols, 0, rows, out.data());
    return out;
}

inline Result<std::vector<std::byte>> packed(const Encoding& encoding, const GroupCodes& codes) {
    std::vector<std::byte> bytes(sizeOrFail(encoding, codes.rows, codes.cols), std::byte{0xAA});
    TRILOBIT_CHECK(encoding.pack(codes, bytes));
    return bytes;
}

/// Index of the first value with other bits, or -1.
inline std::int64_t firstDifference(const std::vector<float>& a, const std::vector<float>& b) {
    if (a.size() != b.size())
        return 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::bit_cast<std::uint32_t>(a[i]) != std::bit_cast<std::uint32_t>(b[i]))
            return static_cast<std::int64_t>(i);
    return -1;
}

inline std::vector<float> normalWeights(std::size_t count, double sigma, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<float> out(count);
    for (float& w : out)
        w = static_cast<float>(sigma * rng.normal());
    return out;
}

/// -scale, 0, +scale with equal chance.
inline std::vector<float> ternaryWeights(std::size_t count, float scale, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<float> out(count);
    for (float& w : out)
        w = scale * (static_cast<float>(rng.below(3)) - 1.0f);
    return out;
}

} // namespace trilobit::test
