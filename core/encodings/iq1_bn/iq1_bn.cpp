#include "core/encodings/iq1_bn/iq1_bn.h"

#include "core/encodings/common/ternaryrow.h"
#include "core/encodings/common/weightreader.h"

#include <string>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBytes = 13, kSixteen = 16;
constexpr int kPowers[5] = {1, 3, 9, 27, 81};

std::uint8_t storedByte(int value) noexcept { return static_cast<std::uint8_t>((256 * value + 242) / 243); }

std::uint8_t tritOf(int byte, int n) noexcept {
    const int b = (byte * kPowers[4 - n]) & 255;
    return static_cast<std::uint8_t>((b + (b >> 1)) >> 7);
}

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "IQ1_BN";
    info.title = "Ternary in 1.6 bits, one scale per row";
    info.help = "Each weight is -s, 0 or +s with one s per row, five weights in a byte: the ternary form of the "
                "ik_llama.cpp fork, for BitNet models. Stock llama.cpp does not read it.";
    info.ggmlType = 134;
    info.fallback = "Q4_0";
    info.grid.scaleType = ParameterType::F16;
    return info;
}

class Iq1_Bn final : public TernaryRowEncoding {
public:
    Iq1_Bn() : TernaryRowEncoding(describe(), kBytes) {}

protected:
    void storeBlock(const std::uint8_t* codes, std::uint8_t* out) const noexcept override {
        int last = 0;
        for (int k = 0; k < 4; ++k) {
            const std::uint8_t* sixteen = codes + kSixteen * k;
            for (int part = 0; part < 3; ++part) {
                int value = 0;
                for (int n = 0; n < 5; ++n)
                    value += sixteen[5 * part + n] * kPowers[n];
                out[3 * k + part] = storedByte(value);
            }
            last += sixteen[kSixteen - 1] * kPowers[k];
        }
        out[kBytes - 1] = storedByte(last);
    }
    void loadBlock(const std::uint8_t* in, std::uint8_t* codes) const noexcept override {
        for (int k = 0; k < 4; ++k) {
            std::uint8_t* sixteen = codes + kSixteen * k;
            for (int i = 0; i < kSixteen - 1; ++i)
                sixteen[i] = tritOf(in[3 * k + i / 5], i % 5);
            sixteen[kSixteen - 1] = tritOf(in[kBytes - 1], k);
        }
    }
    int readCode(WeightReader& in, int e) const override {
        const int sixteen = e / kSixteen, i = e % kSixteen;
        const bool last = i == kSixteen - 1;
        const int at = last ? kBytes - 1 : 3 * sixteen + i / 5, n = last ? sixteen : i % 5;
        return in.packedCode(at, tritOf(in.byteAt(at), n),
                             "trit " + std::to_string(n + 1) + " of " + (last ? "4" : "5") + " in a byte");
    }
};

} // namespace

std::shared_ptr<const Encoding> makeIq1_Bn() { return std::make_shared<Iq1_Bn>(); }

} // namespace trilobit
