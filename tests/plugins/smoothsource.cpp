#include "tests/plugins/smoothsource.h"

#include "core/base/half.h"
#include "core/formats/gguf/ggufreader.h"

#include <QtGlobal>

#include <cstring>

namespace trilobit::test {

namespace {

constexpr int kQ41 = 3;
constexpr std::int64_t kBlock = 32;
constexpr std::size_t kBlockBytes = 20;

float uniform(std::uint64_t tensorIndex, std::uint64_t element) {
    std::uint64_t z = element + ((tensorIndex << 40) + 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    z ^= z >> 31;
    return static_cast<float>(z >> 40) / static_cast<float>(1 << 24);
}

float halfAt(const std::byte* bytes) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, bytes, 2);
    return halfToFloat(bits);
}

void smoothBlock(const std::byte* block, std::uint64_t tensorIndex, std::uint64_t first, float* out) {
    const float d = halfAt(block), m = halfAt(block + 2);
    for (std::size_t i = 0; i < static_cast<std::size_t>(kBlock); ++i) {
        const auto byte = std::to_integer<unsigned>(block[4 + i % 16]);
        const auto q = static_cast<float>(i < 16 ? byte & 15u : byte >> 4);
        const float w = q * d + m;
        out[i] = halfToFloat(floatToHalf(w + d * (uniform(tensorIndex, first + i) - 0.5f)));
    }
}

} // namespace

SmoothTensor smoothTensor(const QString& path, const std::string& name) {
    const auto file = readGguf(path.toStdString());
    if (!file)
        qFatal("%s", file.error().text().c_str());
    for (std::size_t index = 0; index < file->tensors.size(); ++index) {
        const GgufTensor& tensor = file->tensors[index];
        if (tensor.name != name)
            continue;
        SmoothTensor out;
        out.cols = tensor.ne.at(0);
        out.rows = tensor.ne.at(1);
        const std::int64_t blocks = out.rows * out.cols / kBlock;
        if (tensor.type != kQ41 || tensor.rest.size() < static_cast<std::size_t>(blocks) * kBlockBytes)
            qFatal("%s is not a Q4_1 tensor", name.c_str());
        out.values.resize(static_cast<std::size_t>(out.rows * out.cols));
        for (std::int64_t b = 0; b < blocks; ++b)
            smoothBlock(tensor.rest.data() + static_cast<std::size_t>(b) * kBlockBytes, index,
                        static_cast<std::uint64_t>(b * kBlock), out.values.data() + b * kBlock);
        return out;
    }
    qFatal("%s is not in the file", name.c_str());
}

} // namespace trilobit::test
