#include "core/encodings/iq2_bn/iq2_bn.h"

#include "core/encodings/common/ternaryrow.h"
#include "core/encodings/common/weightreader.h"

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBytes = 16;

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "IQ2_BN";
    info.title = "Ternary in 2 bits, one scale per row";
    info.help = "Each weight is -s, 0 or +s with one s per row, four weights in a byte: the faster ternary form of the "
                "ik_llama.cpp fork, for BitNet models. Stock llama.cpp does not read it.";
    info.ggmlType = 135;
    info.fallback = "Q4_0";
    info.grid.scaleType = ParameterType::F32;
    return info;
}

class Iq2_Bn final : public TernaryRowEncoding {
public:
    Iq2_Bn() : TernaryRowEncoding(describe(), kBytes) {}

protected:
    void storeBlock(const std::uint8_t* codes, std::uint8_t* out) const noexcept override {
        for (int j = 0; j < kBytes; ++j)
            out[j] = static_cast<std::uint8_t>(codes[j] | (codes[j + 16] << 2) | (codes[j + 32] << 4)
                                               | (codes[j + 48] << 6));
    }
    void loadBlock(const std::uint8_t* in, std::uint8_t* codes) const noexcept override {
        for (int j = 0; j < kBytes; ++j)
            for (int f = 0; f < 4; ++f)
                codes[16 * f + j] = static_cast<std::uint8_t>((in[j] >> (2 * f)) & 3);
    }
    int readCode(WeightReader& in, int e) const override { return in.code({{e % 16, 2 * (e / 16), 2}}); }
};

} // namespace

std::shared_ptr<const Encoding> makeIq2_Bn() { return std::make_shared<Iq2_Bn>(); }

} // namespace trilobit
