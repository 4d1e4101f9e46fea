// kernels_agree [name of the best set]: every kernel set this CPU runs against the scalar one, bit for bit (of NaN only that it is
// one), and a digest of the scalar results to compare between architectures. Plain C++, so that it runs wherever the kernels do;
// the random numbers are made without functions that C libraries round differently, and one to an expression.
#include "core/base/alignedbuffer.h"
#include "core/base/half.h"
#include "core/base/rng.h"
#include "core/kernels/kernelset.h"
#include "core/kernels/panel/repack.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

using namespace trilobit;
using namespace trilobit::kernels;

namespace {

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

std::int64_t below(Rng& rng, int bound) { return static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(bound))); }

/// About normal, within -4 and 4.
double bell(Rng& rng) {
    double sum = -4;
    for (int i = 0; i < 8; ++i)
        sum += rng.uniform();
    return sum;
}

std::vector<float> randomFloats(std::size_t count, Rng& rng) {
    std::vector<float> values(count);
    for (float& v : values) { // a wide range of exponents, so that the order of additions shows
        const int exponent = static_cast<int>(rng.below(12)) - 6;
        v = static_cast<float>(std::ldexp(bell(rng), exponent));
    }
    return values;
}

/// Counts what was compared and says where something differs.
class Comparison {
public:
    void begin(const char* set, std::string what) {
        m_where = std::string(set) + ", " + std::move(what);
        ++m_cases;
    }
    void same(const std::vector<float>& got, const std::vector<float>& expected) {
        for (std::size_t i = 0; i < expected.size(); ++i)
            count(std::bit_cast<std::uint32_t>(got[i]) == std::bit_cast<std::uint32_t>(expected[i])
                      || (std::isnan(got[i]) && std::isnan(expected[i])),
                  i, static_cast<double>(got[i]), static_cast<double>(expected[i]));
    }
    template <class T>
    void same(const std::vector<T>& got, const std::vector<T>& expected) {
        for (std::size_t i = 0; i < expected.size(); ++i)
            count(got[i] == expected[i], i, static_cast<double>(got[i]), static_cast<double>(expected[i]));
    }
    /// Takes scalar results into the digest (64-bit FNV-1a over the values' bits).
    template <class T>
    void record(const std::vector<T>& values) {
        for (const T value : values) {
            std::uint64_t bits = 0;
            if constexpr (std::is_same_v<T, float>)
                bits = std::isnan(value) ? 0x7FC00000u : std::bit_cast<std::uint32_t>(value);
            else
                bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
            for (int shift = 0; shift < 64; shift += 8)
                m_digest = (m_digest ^ ((bits >> shift) & 255)) * 0x100000001B3u;
        }
    }
    unsigned long long digest() const { return m_digest; }
    void require(bool right, const char* what) {
        m_where = what;
        count(right, 0, 0, 0);
    }
    long long cases() const { return m_cases; }
    long long values() const { return m_values; }
    long long wrong() const { return m_wrong; }

private:
    void count(bool right, std::size_t i, double got, double expected) {
        ++m_values;
        if (right)
            return;
        if (++m_wrong <= 20)
            std::printf("%s: value %zu is %.9g instead of %.9g\n", m_where.c_str(), i, got, expected);
    }

    std::string m_where;
    std::uint64_t m_digest = 0xCBF29CE484222325u;
    long long m_cases = 0, m_values = 0, m_wrong = 0;
};

std::vector<const KernelSet*> setsHere() {
    std::vector<const KernelSet*> sets;
    for (const KernelSet& set : kernelSets())
        if (set.supported() && std::strcmp(set.name, "scalar") != 0)
            sets.push_back(&set);
    return sets;
}

const KernelSet& reference() { return kernelSets().back(); }

std::string shape(const char* what, std::int64_t rows, std::int64_t cols, std::int64_t tokens) {
    return std::string(what) + " " + std::to_string(rows) + " x " + std::to_string(cols) + ", " + std::to_string(tokens) + " tokens";
}

// --- ternary panels ------------------------------------------------------------------------------------------------------

struct Form {
    TernaryForm form;
    bool oneScale;
    const char* name;
};
constexpr Form kForms[] = {{TernaryForm::TwoBits, false, "two bits, block scales"},
                           {TernaryForm::TwoBits, true, "two bits"},
                           {TernaryForm::Base3, true, "base 3"},
                           {TernaryForm::Lookup, true, "lookup"}};

/// trit(r, c) and act(t, c) say the content. In two parts where there are enough rows.
template <class Trit, class Act>
void ternaryCase(Comparison& compare, const Form& form, std::int64_t rows, std::int64_t tokens, std::int64_t cols, Trit trit, Act act) {
    const std::int64_t panels = panelsOf(rows), groups = (rows + kPackRows - 1) / kPackRows, blocks = scaleBlocks(cols);
    std::vector<std::int8_t> trits(size(groups * kPackRows * cols), 0);
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < cols; ++c)
            trits[size(r * cols + c)] = static_cast<std::int8_t>(trit(r, c));
    AlignedBuffer<std::uint8_t> codes(size(ternaryBytes(form.form, rows, cols)));
    std::vector<std::int32_t> codeSums(size(ternaryCodeSums(form.form, rows)));
    for (std::int64_t g = 0; g < groups; ++g)
        packTernary(form.form, trits.data() + g * kPackRows * cols, cols, rows, cols, g, codes.data(), codeSums.data());
    Rng rng(static_cast<std::uint64_t>(rows * 1000 + cols));
    std::vector<float> scales(form.oneScale ? 1 : size(panels * blocks * kPanelRows)), r;
    for (float& s : scales)
        s = static_cast<float>(0.01 + rng.uniform());
    std::vector<std::int8_t> q(size(tokens * paddedCols(cols)), 0);
    std::vector<std::int32_t> sums(size(tokens), 0), blockSums(size(tokens * blocks), 0);
    for (std::int64_t t = 0; t < tokens; ++t) {
        r.push_back(static_cast<float>(1 + 50 * rng.uniform()));
        for (std::int64_t c = 0; c < cols; ++c) {
            const auto a = static_cast<std::int8_t>(act(t, c));
            q[size(t * paddedCols(cols) + c)] = a;
            sums[size(t)] += a;
            blockSums[size(t * blocks + c / kScaleCols)] += a;
        }
    }
    const TernaryPanels w{form.form, codes.data(), rows, cols, ternarySteps(form.form, cols), scales.data(), codeSums.data(),
                          form.oneScale};
    TokenInput x{q.data(), paddedCols(cols), r.data(), sums.data(), blockSums.data(), tokens};
    const std::int64_t yStride = rows + 3, part = std::min<std::int64_t>(panels, 4);
    const auto run = [&](const PanelOps& ops) {
        std::vector<float> y(size(tokens * yStride) + 1, 77.0f), scratch(size(tokens * kPanelScratch) + 1, 5.0f);
        ops.ternary(w, 0, part, x, y.data(), yStride, scratch.data());
        ops.ternary(w, part, panels - part, x, y.data(), yStride, scratch.data());
        y.push_back(scratch.back());
        return y;
    };
    const std::vector<float> expected = run(*reference().panels);
    compare.record(expected);
    // The scalar product against the trits themselves; the float formula as panel.h says it.
    std::vector<float> plain(expected.size(), 77.0f);
    plain.back() = 5.0f;
    for (std::int64_t t = 0; t < tokens; ++t)
        for (std::int64_t row = 0; row < rows; ++row) {
            std::int64_t whole = 0;
            float scaled = 0;
            for (std::int64_t b = 0; b < blocks; ++b) {
                std::int64_t sum = 0;
                for (std::int64_t c = b * kScaleCols; c < std::min(cols, (b + 1) * kScaleCols); ++c)
                    sum += trits[size(row * cols + c)] * q[size(t * paddedCols(cols) + c)];
                whole += sum;
                if (!form.oneScale)
                    scaled = std::fma(static_cast<float>(sum), scales[size((row / 16 * blocks + b) * 16 + row % 16)], scaled);
            }
            plain[size(t * yStride + row)] = form.oneScale ? static_cast<float>(whole) / r[size(t)] * scales[0] : scaled / r[size(t)];
        }
    compare.begin("scalar", shape(form.name, rows, cols, tokens));
    compare.same(expected, plain);
    for (const KernelSet* set : setsHere()) {
        std::vector<std::uint8_t> tables(size(tokens * tableBytes(cols)));
        if (form.form == TernaryForm::Lookup && set->rounding->tables) {
            for (std::int64_t t = 0; t < tokens; ++t)
                set->rounding->tables(q.data() + t * paddedCols(cols), cols, tables.data() + t * tableBytes(cols));
            x.tables = tables.data();
        }
        compare.begin(set->name, shape(form.name, rows, cols, tokens));
        compare.same(run(*set->panels), expected);
        x.tables = nullptr;
    }
}

void ternary(Comparison& compare) {
    Rng rng(4);
    const auto trit = [&](std::int64_t, std::int64_t) { return static_cast<int>(rng.below(3)) - 1; };
    const auto act = [&](std::int64_t, std::int64_t) { return static_cast<int>(rng.below(256)) - 128; };
    for (const Form& form : kForms) {
        for (const std::int64_t cols : {1, 15, 16, 17, 20, 21, 240, 255, 256, 257, 319, 321, 576, 2049})
            for (const std::int64_t rows : {1, 16, 19, 70})
                for (const std::int64_t tokens : {1, 2, 3, 4, 5, 6, 7, 13})
                    ternaryCase(compare, form, rows, tokens, cols, trit, act);
        for (const std::int64_t tokens : {1, 2, 23})
            ternaryCase(compare, form, 331, tokens, 321, trit, act);
        for (int round = 0; round < 40; ++round) {
            const std::int64_t rows = below(rng, 40), tokens = below(rng, 12), cols = 1 + below(rng, 1500);
            ternaryCase(compare, form, rows, tokens, cols, trit, act);
        }
        // Sums of 16 bits reach their very limit here; random data never gets near it.
        for (const std::int64_t cols : {255, 2048, 32767, 32768})
            for (const int a : {127, -127, -128})
                for (const int w : {1, 0, -1, 2})
                    for (const std::int64_t tokens : {1, 5})
                        ternaryCase(compare, form, 2, tokens, cols,
                                    [&](std::int64_t r, std::int64_t c) { return w < 2 ? w : static_cast<int>((r + c) % 3) - 1; },
                                    [&](std::int64_t t, std::int64_t c) { return t == 4 && c % 2 ? -a - (a < 0) : a; });
    }
}

/// All 16 sums of a table against arithmetic.
void tables(Comparison& compare) {
    for (const KernelSet* set : setsHere()) {
        if (!set->rounding->tables)
            continue;
        for (int a = -128; a < 128; ++a)
            for (const int b : {-128, -77, 0, 5, 127})
                for (const int c : {-128, -1, 64, 127}) {
                    std::vector<std::int8_t> q(size(paddedCols(3)), 0);
                    q[0] = static_cast<std::int8_t>(a), q[1] = static_cast<std::int8_t>(b), q[2] = static_cast<std::int8_t>(c);
                    std::vector<std::uint8_t> table(size(tableBytes(3)), 99);
                    set->rounding->tables(q.data(), 3, table.data());
                    std::vector<int> got, expected;
                    for (int n = 0; n <= 13; ++n) {
                        const int low = static_cast<std::int8_t>(table[size(n)]);
                        got.push_back(32 * static_cast<std::int8_t>(table[size(16 + n)]) + low);
                        expected.push_back(a * tripleTrit(n, 0) + b * tripleTrit(n, 1) + c * tripleTrit(n, 2));
                        got.push_back(low >= -16 && low < 16);
                        expected.push_back(1);
                    }
                    compare.begin(set->name, "table");
                    compare.same(got, expected);
                }
    }
}

// --- panels with scales per block ----------------------------------------------------------------------------------------

enum class Content { Random, Ends, Lowest, Highest };

struct Encoding {
    const char* name;
    std::vector<std::int64_t> halves; ///< places of half precision numbers in a block
};

void blockCase(Comparison& compare, const Encoding& encoding, std::int64_t rows, std::int64_t cols, std::int64_t tokens, Rng& rng,
               Content content) {
    const BlockRepack& repack = *findBlockRepack(encoding.name);
    const std::int64_t fileBlocks = rows * (cols / repack.cols), all = cols / kBlockCols, panels = panelsOf(rows);
    std::vector<std::uint8_t> file(size(fileBlocks * repack.bytes));
    for (std::uint8_t& byte : file)
        byte = content == Content::Lowest    ? 0x80
               : content == Content::Highest ? 0xFF
               : content == Content::Ends    ? (rng.below(2) ? 0xFF : 0x00)
                                             : static_cast<std::uint8_t>(rng.next());
    for (std::int64_t i = 0; i < fileBlocks; ++i)
        for (const std::int64_t at : encoding.halves) {
            const std::uint16_t half = floatToHalf(static_cast<float>((rng.uniform() - 0.3) * 0.1));
            std::memcpy(file.data() + i * repack.bytes + at, &half, 2);
        }
    const std::int64_t codeBytes = all * blockCodeBytes(repack.form);
    const std::int64_t scaleBytes = all / blockScaleBlocks(repack.form) * blockScaleBytes(repack.form);
    AlignedBuffer<std::uint8_t> codes(size(panels * codeBytes)), scales(size(panels * scaleBytes));
    for (std::int64_t p = 0; p < panels; ++p)
        packBlockPanel(repack, file.data(), rows, cols, p, codes.data() + p * codeBytes, scales.data() + p * scaleBytes);
    std::vector<std::int8_t> q;
    std::vector<std::int32_t> halfSums(size(tokens * all * 2), 0);
    std::vector<float> d;
    for (std::int64_t i = 0; i < tokens * cols; ++i) {
        const bool one = content == Content::Ends ? rng.below(2) != 0 : i / cols % 2 != 0;
        const int a = content == Content::Random ? static_cast<int>(rng.below(255)) - 127 : one ? 127 : -127;
        q.push_back(static_cast<std::int8_t>(a));
        halfSums[size(i / 16)] += a;
    }
    for (std::int64_t i = 0; i < tokens * all; ++i)
        d.push_back(static_cast<float>(rng.uniform() * 0.2));
    const BlockPanels w{repack.form, codes.data(), scales.data(), all};
    const BlockInput x{q.data(), d.data(), halfSums.data(), tokens};
    const auto run = [&](const PanelOps& ops) {
        std::vector<float> y(size(tokens * (rows + 2)) + 1, 77.0f), scratch(size(tokens * kPanelScratch) + 1, 5.0f);
        ops.blocks(w, 0, panels, rows, x, y.data(), rows + 2, scratch.data());
        y.push_back(scratch.back());
        return y;
    };
    const std::vector<float> expected = run(*reference().panels);
    compare.record(expected);
    for (const KernelSet* set : setsHere()) {
        compare.begin(set->name, shape(encoding.name, rows, cols, tokens));
        compare.same(run(*set->panels), expected);
    }
}

void blocks(Comparison& compare) {
    Rng rng(5);
    for (const Encoding& encoding : {Encoding{"Q4_0", {0}}, Encoding{"Q4_1", {0, 2}}, Encoding{"Q8_0", {0}}, Encoding{"Q5_0", {0}},
                                     Encoding{"IQ4_NL", {0}}, Encoding{"Q4_K", {0, 2}}, Encoding{"Q6_K", {208}}})
        for (const Content content : {Content::Random, Content::Ends, Content::Lowest, Content::Highest}) {
            const std::int64_t unit = findBlockRepack(encoding.name)->cols;
            for (const std::int64_t wide : {1, 2, 9})
                for (const std::int64_t rows : {1, 16, 21, 37})
                    for (const std::int64_t tokens : {1, 2, 3, 4, 5, 6, 17})
                        blockCase(compare, encoding, rows, unit * (wide == 9 && unit == 256 ? 3 : wide), tokens, rng, content);
            for (const std::int64_t tokens : {1, 4})
                blockCase(compare, encoding, 3, 32768, tokens, rng, content);
        }
}

// --- rounding ------------------------------------------------------------------------------------------------------------

void rounding(Comparison& compare) {
    Rng rng(8);
    for (int round = 0; round < 400; ++round) {
        const std::int64_t cols = round % 50 == 0 ? 32768 - round / 50 : 1 + below(rng, 900);
        std::vector<float> x = randomFloats(size(cols), rng);
        switch (round % 10) {
        case 3: // ties: r is exactly 1 or 2
            for (float& v : x)
                v = static_cast<float>(rng.below(509)) / 4 - 63.5f;
            x[rng.below(x.size())] = round % 20 == 3 ? 127.0f : 63.5f;
            break;
        case 5:
            for (float& v : x)
                v *= round % 20 == 5 ? 1e-39f : 1e-36f;
            break;
        case 6: x[rng.below(x.size())] = 3e38f; break;
        case 7: x[rng.below(x.size())] = round % 20 == 7 ? INFINITY : -INFINITY; break;
        case 8: x[rng.below(x.size())] = std::nanf(""); break;
        case 9: std::fill(x.begin(), x.end(), round % 20 == 9 ? -0.0f : -5.0f); break;
        default: break;
        }
        const std::int64_t whole = cols / 32 * 32;
        std::vector<std::int8_t> q[2];
        std::vector<std::int32_t> sums[2];
        std::vector<float> d[2];
        const auto run = [&](const RoundingOps& ops, int i) {
            std::vector<std::int8_t> blockQ(size(whole) + 1, 1);
            std::vector<std::int32_t> halves(size(whole / 16) + 1, 5);
            q[i].assign(size(paddedCols(cols)) + 1, 1);
            sums[i].assign(size(scaleBlocks(cols)) + 1, 3);
            d[i].assign(size(whole / 32) + 1, 9.0f);
            const float r = ops.token(x.data(), cols, q[i].data(), sums[i].data());
            ops.blocks(x.data(), whole, blockQ.data(), d[i].data(), halves.data());
            q[i].insert(q[i].end(), blockQ.begin(), blockQ.end());
            sums[i].insert(sums[i].end(), halves.begin(), halves.end());
            d[i].push_back(r);
        };
        run(*reference().rounding, 0);
        compare.record(q[0]);
        compare.record(sums[0]);
        compare.record(d[0]);
        for (const KernelSet* set : setsHere()) {
            run(*set->rounding, 1);
            compare.begin(set->name, "rounding, round " + std::to_string(round));
            compare.same(q[1], q[0]);
            compare.same(sums[1], sums[0]);
            compare.same(d[1], d[0]);
        }
    }
}

// --- floats --------------------------------------------------------------------------------------------------------------

void floats(Comparison& compare) {
    Rng rng(2);
    for (const std::int64_t cols : {0, 1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 65, 191, 576})
        for (const std::int64_t rows : {0, 1, 2, 3, 4, 7, 9, 17})
            for (const std::int64_t tokens : {0, 1, 2, 3, 4, 5, 7, 8, 13}) {
                const std::int64_t wStride = cols + 3, xStride = cols + 1, yStride = rows + 2;
                auto w = randomFloats(size(rows * wStride) + 1, rng), x = randomFloats(size(tokens * xStride) + 1, rng);
                if ((cols + rows) % 5 == 0) // underflows and signed zeros
                    for (float& v : w)
                        v *= 0x1p-130f;
                const auto run = [&](const KernelSet& set) {
                    std::vector<float> y(size(tokens * yStride) + 1, 5.0f);
                    set.floatProduct(w.data() + 1, wStride, rows, x.data() + 1, xStride, tokens, cols, y.data(), yStride);
                    return y;
                };
                const auto expected = run(reference());
                compare.record(expected);
                for (const KernelSet* set : setsHere()) {
                    compare.begin(set->name, shape("float", rows, cols, tokens));
                    compare.same(run(*set), expected);
                }
            }
    for (const std::int64_t cols : {0, 1, 3, 4, 7, 8, 9, 16, 32, 63, 64, 65, 80, 128, 131})
        for (const std::int64_t count : {0, 1, 2, 33, 1000}) {
            const std::int64_t stride = cols + 5;
            const auto p = randomFloats(size(count), rng), v = randomFloats(size(count * stride) + 1, rng);
            const auto run = [&](const KernelSet& set) {
                std::vector<float> out(size(cols) + 1, 5.0f);
                set.weightedSum(p.data(), v.data() + 1, stride, count, cols, out.data());
                return out;
            };
            const auto expected = run(reference());
            compare.record(expected);
            for (const KernelSet* set : setsHere()) {
                compare.begin(set->name, shape("weighted sum", count, cols, 1));
                compare.same(run(*set), expected);
            }
        }
}

/// Every 16-bit pattern, and rows of every length.
void decoders(Comparison& compare) {
    for (const KernelSet* set : setsHere())
        for (const char* encoding : {"F16", "BF16"}) {
            const RowDecoder* decoder = set->findRowDecoder(encoding);
            compare.require(decoder != nullptr, "a decoder is missing");
            if (!decoder)
                continue;
            std::vector<std::uint16_t> bits(65536);
            std::vector<float> expected(65536), got(65536);
            for (std::size_t i = 0; i < bits.size(); ++i) {
                bits[i] = static_cast<std::uint16_t>(i);
                expected[i] = std::strcmp(encoding, "F16") == 0 ? halfToFloat(bits[i]) : bfloat16ToFloat(bits[i]);
            }
            decoder->decode(reinterpret_cast<const std::uint8_t*>(bits.data()), 65536, got.data());
            compare.begin(set->name, encoding);
            compare.same(got, expected);
            for (std::int64_t cols = 0; cols < 20; ++cols) {
                std::vector<float> part(size(cols) + 1, 7.0f), wanted(expected.begin() + 15000, expected.begin() + 15000 + cols);
                wanted.push_back(7.0f);
                decoder->decode(reinterpret_cast<const std::uint8_t*>(bits.data() + 15000), cols, part.data());
                compare.begin(set->name, std::string(encoding) + ", " + std::to_string(cols));
                compare.same(part, wanted);
            }
        }
}

/// One weight of a block encoding, as the encoding is described: each step rounded to single precision.
float weightOf(const std::string& encoding, const std::uint8_t* block, int k) {
    const auto half = [&](int at) {
        return halfToFloat(static_cast<std::uint16_t>(block[at] | block[at + 1] << 8));
    };
    if (encoding == "Q8_0")
        return half(0) * static_cast<float>(static_cast<std::int8_t>(block[2 + k]));
    if (encoding == "Q4_0")
        return half(0) * static_cast<float>((block[2 + k % 16] >> (k / 16 * 4) & 15) - 8);
    if (encoding == "Q4_1") {
        const float product = half(0) * static_cast<float>(block[4 + k % 16] >> (k / 16 * 4) & 15);
        return product + half(2);
    }
    return half(64) * static_cast<float>((block[k / 128 * 32 + k % 32] >> (k % 128 / 32 * 2) & 3) - 1); // TQ2_0
}

/// Random bytes, so that every kind of scale turns up, zeros, infinities and NaN among them; at any address.
void blockDecoders(Comparison& compare) {
    Rng rng(11);
    for (const char* encoding : {"Q8_0", "Q4_0", "Q4_1", "TQ2_0"})
        for (int round = 0; round < 300; ++round) {
            const bool large = std::strcmp(encoding, "TQ2_0") == 0;
            const std::int64_t blockSize = large ? 256 : 32;
            const std::int64_t blockBytes = large ? 66 : encoding[1] == '8' ? 34 : encoding[3] == '0' ? 18 : 20;
            const std::int64_t blocks = round % 20;
            std::vector<std::uint8_t> row(size(blocks * blockBytes) + 1);
            for (std::uint8_t& byte : row)
                byte = static_cast<std::uint8_t>(rng.next());
            std::vector<float> expected;
            for (std::int64_t b = 0; b < blocks; ++b)
                for (int k = 0; k < blockSize; ++k)
                    expected.push_back(weightOf(encoding, row.data() + 1 + b * blockBytes, k));
            expected.push_back(7.0f);
            compare.record(expected);
            for (const KernelSet* set : setsHere()) {
                const RowDecoder* decoder = set->findRowDecoder(encoding);
                compare.require(decoder && decoder->blockSize == blockSize && decoder->bytesPerBlock == blockBytes,
                                "a decoder is missing");
                if (!decoder)
                    continue;
                std::vector<float> got(expected.size(), 7.0f);
                decoder->decode(row.data() + 1, blocks * blockSize, got.data());
                compare.begin(set->name, std::string(encoding) + ", " + std::to_string(blocks) + " blocks");
                compare.same(got, expected);
            }
        }
}

// --- rows ----------------------------------------------------------------------------------------------------------------

void rowOps(Comparison& compare) {
    Rng rng(5);
    for (int round = 0; round < 300; ++round) {
        const std::int64_t n = round % 50 == 0 ? 32768 - round / 50 : 1 + below(rng, 300);
        std::vector<float> x(size(n));
        for (float& v : x)
            v = static_cast<float>(bell(rng) * (round % 3 == 0 ? 100 : round % 3 == 1 ? 20 : 1));
        const auto up = randomFloats(x.size(), rng);
        if (round % 10 == 9)
            x[rng.below(x.size())] = round % 20 == 9 ? std::nanf("") : INFINITY;
        if (round % 10 == 8)
            for (float& v : x)
                v *= 1e-38f;
        const auto same = [&](auto&& run, const char* what) {
            std::vector<float> expected = x;
            run(*reference().rows, expected);
            compare.record(expected);
            for (const KernelSet* set : setsHere()) {
                std::vector<float> got = x;
                run(*set->rows, got);
                compare.begin(set->name, what);
                compare.same(got, expected);
            }
        };
        same([&](const RowOps& o, std::vector<float>& v) { o.rmsNorm(v.data(), up.data(), n, 1e-6, v.data()); }, "rmsNorm");
        same([&](const RowOps& o, std::vector<float>& v) { o.addRow(up.data(), n, v.data()); }, "addRow");
        same([&](const RowOps& o, std::vector<float>& v) { o.softmax(v.data(), n, 0.5f); }, "softmax");
        same([&](const RowOps& o, std::vector<float>& v) {
            const ExpSum e = o.exponentials(v.data(), n, 0.5f);
            v.insert(v.end(), {e.top, e.sum});
        }, "exponentials");
        same([&](const RowOps& o, std::vector<float>& v) { o.siluGate(v.data(), up.data(), n); }, "silu");
        same([&](const RowOps& o, std::vector<float>& v) { o.relu2Gate(v.data(), up.data(), n); }, "relu2");
        same([&](const RowOps& o, std::vector<float>& v) { o.geluTanhGate(v.data(), up.data(), n); }, "gelu");
    }
}

// --- cache ---------------------------------------------------------------------------------------------------------------

/// The bytes of a stored row; a half precision NaN as the one NaN.
std::vector<std::uint8_t> storedRow(const CacheOps& ops, CacheType type, const std::vector<float>& x) {
    const std::int64_t dim = static_cast<std::int64_t>(x.size());
    std::vector<std::uint8_t> row(size(cacheRowBytes(type, dim)) + 1, 0xAB);
    ops.store(x.data(), dim, row.data());
    for (std::int64_t i = 0; type == CacheType::F16 && i < dim; ++i) {
        std::uint16_t half;
        std::memcpy(&half, row.data() + 2 * i, 2);
        if (std::isnan(halfToFloat(half)))
            half = 0x7E00;
        std::memcpy(row.data() + 2 * i, &half, 2);
    }
    return row;
}

void cache(Comparison& compare) {
    Rng rng(9);
    for (const CacheType type : {CacheType::F32, CacheType::F16, CacheType::Q8_0}) {
        const char* name = type == CacheType::F32 ? "cache F32" : type == CacheType::F16 ? "cache F16" : "cache Q8_0";
        for (int round = 0; round < 400; ++round) { // any bits, and what lies around the ends of half precision
            std::vector<float> x(type == CacheType::Q8_0 ? 32 * (1 + rng.below(6)) : 1 + rng.below(300));
            for (float& v : x)
                v = round % 2 ? std::bit_cast<float>(static_cast<std::uint32_t>(rng.next()))
                              : static_cast<float>(std::ldexp(bell(rng), round % 60 - 36));
            if (round % 8 == 0)
                std::fill(x.begin(), x.end(), round % 16 ? 0.0f : 3e-6f);
            if (round % 8 == 4) // ties
                for (float& v : x)
                    v = static_cast<float>(rng.below(509)) / 4 - 63.5f;
            if (round % 8 == 6)
                x[rng.below(x.size())] = round % 16 == 6 ? 65520.0f : 65504.0f * 127;
            const auto expected = storedRow(reference().cache(type), type, x);
            compare.record(expected);
            for (const KernelSet* set : setsHere()) {
                compare.begin(set->name, std::string(name) + " store");
                compare.same(storedRow(set->cache(type), type, x), expected);
            }
        }
        for (int round = 0; round < 120; ++round) {
            const std::int64_t count = below(rng, 150), inputs = below(rng, 11), stride = count + 3;
            const std::int64_t dim = type == CacheType::Q8_0 || round % 2 ? 32 * (1 + below(rng, round % 10 ? 5 : 20)) : below(rng, 150);
            const std::int64_t rowBytes = cacheRowBytes(type, dim);
            const auto x = randomFloats(size(count * dim), rng), q = randomFloats(size(inputs * dim), rng);
            const auto weights = randomFloats(size(inputs * stride), rng);
            std::vector<std::uint8_t> rows(size(count * rowBytes) + 1, 0xAB);
            for (std::int64_t j = 0; j < count; ++j)
                reference().cache(type).store(x.data() + j * dim, dim, rows.data() + j * rowBytes);
            const auto run = [&](const CacheOps& ops) {
                std::vector<float> scores(size(inputs * stride), 7.0f), mixed(size(inputs * dim) + 1, 7.0f);
                ops.scores(rows.data(), count, dim, q.data(), inputs, scores.data(), stride);
                ops.mix(weights.data(), stride, inputs, rows.data(), count, dim, mixed.data(), dim);
                scores.insert(scores.end(), mixed.begin(), mixed.end());
                return scores;
            };
            const auto expected = run(reference().cache(type));
            compare.record(expected);
            for (const KernelSet* set : setsHere()) {
                compare.begin(set->name, shape(name, count, dim, inputs));
                compare.same(run(set->cache(type)), expected);
            }
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    const auto best = findKernelSet("");
    if (!best || (argc > 1 && std::strcmp((*best)->name, argv[1]) != 0)) {
        std::printf("the best set is %s instead of %s\n", best ? (*best)->name : "missing", argc > 1 ? argv[1] : "any");
        return 1;
    }
    struct Part {
        const char* name;
        void (*run)(Comparison&);
    };
    long long wrong = 0;
    for (const Part& part : {Part{"ternary panels", ternary}, Part{"tables", tables}, Part{"block panels", blocks},
                             Part{"rounding", rounding}, Part{"float products", floats}, Part{"row decoders", decoders},
                             Part{"block decoders", blockDecoders},
                             Part{"row operations", rowOps}, Part{"cache", cache}}) {
        Comparison compare;
        part.run(compare);
        std::printf("%s: %lld cases, %lld values, %lld wrong, scalar digest %016llx\n", part.name, compare.cases(), compare.values(),
                    compare.wrong(), compare.digest());
        std::fflush(stdout);
        wrong += compare.wrong();
    }
    return wrong == 0 ? 0 : 1;
}
