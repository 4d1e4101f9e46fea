// Panel products and activation rounding of every kernel set: against sums in 64 bits, against decoded weights in double, and
// bit for bit against the scalar ones. Sets this CPU has no registers for run emulated where the emulation is installed.
#include "core/base/alignedbuffer.h"
#include "core/base/half.h"
#include "core/base/rng.h"
#include "core/encodings/encodingregistry.h"
#include "core/kernels/kernelset.h"
#include "core/kernels/panel/repack.h"
#include "core/kernels/trits.h"

#include <QtTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

using namespace trilobit;
using namespace trilobit::kernels;

#if defined(TRILOBIT_EMULATED_PANELS)
namespace trilobit::kernels {
namespace avxvnni_emulated {
extern const PanelOps kPanelOps;
}
namespace avx512vnni_emulated {
extern const PanelOps kPanelOps;
}
} // namespace trilobit::kernels
#endif

Q_DECLARE_METATYPE(const trilobit::kernels::PanelOps*)
Q_DECLARE_METATYPE(const trilobit::KernelSet*)

namespace {

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

[[maybe_unused]] bool hasAvx2() { return findKernelSet("avx2").has_value(); }

/// Of the best set that has one; null where none runs.
MakeTables tableMaker() {
    for (const KernelSet& set : kernelSets())
        if (set.supported() && set.rounding->tables)
            return set.rounding->tables;
    return nullptr;
}

/// Rows of every distinct panel product; null where neither the CPU nor an emulation runs it.
void addPanelOps() {
    QTest::addColumn<const PanelOps*>("ops");
    for (const KernelSet& set : kernelSets())
        if (std::string_view(set.name) == set.panelName)
            QTest::newRow(set.name) << (set.supported() ? set.panels : nullptr);
#if defined(TRILOBIT_EMULATED_PANELS)
    QTest::newRow("avx-vnni, emulated") << (hasAvx2() ? &avxvnni_emulated::kPanelOps : nullptr);
    QTest::newRow("avx512-vnni, emulated") << (hasAvx2() ? &avx512vnni_emulated::kPanelOps : nullptr);
#endif
}

struct Ternary {
    std::int64_t rows, tokens, cols;
    TernaryForm form;
    std::vector<std::int8_t> trits; ///< [panels * 16, cols]
    AlignedBuffer<std::uint8_t> codes;
    std::vector<std::int32_t> codeSums;
    std::vector<float> scales;
    std::vector<std::int8_t> q;
    std::vector<std::int32_t> sums, blockSums;
    std::vector<float> r;
    std::vector<std::uint8_t> tables;

    TernaryPanels panels() const {
        return {form, codes.data(), rows, cols, ternarySteps(form, cols), scales.data(), codeSums.data(), scales.size() == 1};
    }
    TokenInput input() const { return {q.data(), paddedCols(cols), r.data(), sums.data(), blockSums.data(), tokens, tables.data()}; }
};

/// trit(r, c) and act(t, c) say the content.
template <class Trit, class Act>
Ternary makeTernary(std::int64_t rows, std::int64_t tokens, std::int64_t cols, TernaryForm form, bool oneScale, Trit trit, Act act) {
    Ternary d{rows, tokens, cols, form, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    const std::int64_t panels = panelsOf(rows), groups = (rows + kPackRows - 1) / kPackRows, blocks = scaleBlocks(cols);
    d.trits.assign(size(groups * kPackRows * cols), 0);
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < cols; ++c)
            d.trits[size(r * cols + c)] = static_cast<std::int8_t>(trit(r, c));
    d.codes = AlignedBuffer<std::uint8_t>(size(ternaryBytes(form, rows, cols)));
    d.codeSums.resize(size(ternaryCodeSums(form, rows)));
    for (std::int64_t g = 0; g < groups; ++g)
        packTernary(form, d.trits.data() + g * kPackRows * cols, cols, rows, cols, g, d.codes.data(), d.codeSums.data());
    Rng rng(static_cast<std::uint64_t>(rows * 1000 + cols));
    d.scales.resize(oneScale ? 1 : size(panels * blocks * kPanelRows));
    for (float& s : d.scales)
        s = static_cast<float>(0.01 + rng.uniform());
    d.q.assign(size(tokens * paddedCols(cols)), 0);
    d.sums.assign(size(tokens), 0);
    d.blockSums.assign(size(tokens * blocks), 0);
    for (std::int64_t t = 0; t < tokens; ++t) {
        d.r.push_back(static_cast<float>(1 + 50 * rng.uniform()));
        for (std::int64_t c = 0; c < cols; ++c) {
            const auto a = static_cast<std::int8_t>(act(t, c));
            d.q[size(t * paddedCols(cols) + c)] = a;
            d.sums[size(t)] += a;
            d.blockSums[size(t * blocks + c / kScaleCols)] += a;
        }
    }
    if (const MakeTables make = tableMaker(); make && form == TernaryForm::Lookup) {
        d.tables.resize(size(tokens * tableBytes(cols)));
        for (std::int64_t t = 0; t < tokens; ++t)
            make(d.q.data() + t * paddedCols(cols), cols, d.tables.data() + t * tableBytes(cols));
    }
    return d;
}

struct Form {
    TernaryForm form;
    bool oneScale;
};
constexpr Form kForms[] = {{TernaryForm::TwoBits, false}, {TernaryForm::TwoBits, true}, {TernaryForm::Base3, true},
                           {TernaryForm::Lookup, true}};

std::uint32_t bitsOf(float v) { return std::bit_cast<std::uint32_t>(v); }

void checkTernary(const PanelOps& ops, const Ternary& d, const char* what) {
    const std::int64_t yStride = d.rows + 3, blocks = scaleBlocks(d.cols);
    std::vector<float> y(size(d.tokens * yStride) + 1, 77.0f), scratch(size(d.tokens * kPanelScratch) + 1, 5.0f);
    // In two parts where there are enough rows.
    const std::int64_t all = panelsOf(d.rows), part = all > 4 ? 4 : all;
    ops.ternary(d.panels(), 0, part, d.input(), y.data(), yStride, scratch.data());
    ops.ternary(d.panels(), part, all - part, d.input(), y.data(), yStride, scratch.data());
    for (std::int64_t t = 0; t < d.tokens; ++t) {
        for (std::int64_t r = 0; r < d.rows; ++r) {
            // From the trits themselves, in 64 bits; the float formula as panel.h says it.
            std::int64_t whole = 0;
            float scaled = 0;
            for (std::int64_t b = 0; b < blocks; ++b) {
                std::int64_t sum = 0;
                for (std::int64_t c = b * kScaleCols; c < std::min(d.cols, (b + 1) * kScaleCols); ++c)
                    sum += d.trits[size(r * d.cols + c)] * d.q[size(t * paddedCols(d.cols) + c)];
                whole += sum;
                if (d.scales.size() > 1)
                    scaled = std::fma(static_cast<float>(sum), d.scales[size((r / 16 * blocks + b) * 16 + r % 16)], scaled);
            }
            const float expected = d.scales.size() == 1 ? static_cast<float>(whole) / d.r[size(t)] * d.scales[0]
                                                        : scaled / d.r[size(t)];
            const float got = y[size(t * yStride + r)];
            QVERIFY2(bitsOf(got) == bitsOf(expected) || (got == 0 && expected == 0),
                     qPrintable(QStringLiteral("%1: rows %2, cols %3, row %4, token %5 of %6: %7 instead of %8")
                                    .arg(QLatin1String(what)).arg(d.rows).arg(d.cols).arg(r).arg(t).arg(d.tokens)
                                    .arg(static_cast<double>(got)).arg(static_cast<double>(expected))));
        }
        for (std::int64_t r = d.rows; r < yStride; ++r)
            QCOMPARE(y[size(t * yStride + r)], 77.0f);
    }
    QCOMPARE(y.back(), 77.0f);
    QCOMPARE(scratch.back(), 5.0f);
}

struct Blocks {
    const BlockRepack* repack;
    std::int64_t rows, cols, tokens;
    std::vector<std::uint8_t> file;
    std::vector<float> decoded; ///< [rows, cols]
    AlignedBuffer<std::uint8_t> codes, scales;
    std::vector<std::int8_t> q;
    std::vector<float> d;
    std::vector<std::int32_t> halfSums;

    BlockPanels panels() const { return {repack->form, codes.data(), scales.data(), cols / kBlockCols}; }
    BlockInput input() const { return {q.data(), d.data(), halfSums.data(), tokens}; }
};

/// Random bytes with the half precision numbers at `halves` of every block made ordinary ones.
Blocks makeBlocks(const char* name, std::vector<std::int64_t> halves, std::int64_t rows, std::int64_t cols, std::int64_t tokens,
                  Rng& rng, bool extreme) {
    Blocks b{findBlockRepack(name), rows, cols, tokens, {}, {}, {}, {}, {}, {}, {}};
    const std::int64_t blocks = cols / b.repack->cols;
    b.file.resize(size(rows * blocks * b.repack->bytes));
    for (std::uint8_t& byte : b.file)
        byte = extreme ? (rng.below(2) ? 0xFF : 0x00) : static_cast<std::uint8_t>(rng.below(256));
    for (std::int64_t i = 0; i < rows * blocks; ++i)
        for (const std::int64_t at : halves) {
            const std::uint16_t half = floatToHalf(static_cast<float>((rng.uniform() - 0.3) * 0.1));
            std::memcpy(b.file.data() + i * b.repack->bytes + at, &half, 2);
        }
    const EncodingRegistry registry = EncodingRegistry::builtin();
    b.decoded.resize(size(rows * cols));
    if (rows > 0)
        (*registry.find(name))->decodeRows(std::as_bytes(std::span<const std::uint8_t>(b.file)), rows, cols, 0, rows, b.decoded.data());
    const std::int64_t panels = panelsOf(rows), all = cols / kBlockCols;
    const std::int64_t codeBytes = all * blockCodeBytes(b.repack->form);
    const std::int64_t scaleBytes = all / blockScaleBlocks(b.repack->form) * blockScaleBytes(b.repack->form);
    b.codes = AlignedBuffer<std::uint8_t>(size(panels * codeBytes));
    b.scales = AlignedBuffer<std::uint8_t>(size(panels * scaleBytes));
    for (std::int64_t p = 0; p < panels; ++p)
        packBlockPanel(*b.repack, b.file.data(), rows, cols, p, b.codes.data() + p * codeBytes, b.scales.data() + p * scaleBytes);
    b.halfSums.assign(size(tokens * all * 2), 0);
    for (std::int64_t i = 0; i < tokens * cols; ++i) {
        const int a = extreme ? (rng.below(2) ? 127 : -127) : static_cast<int>(rng.below(255)) - 127;
        b.q.push_back(static_cast<std::int8_t>(a));
        b.halfSums[size(i / 16)] += a;
    }
    for (std::int64_t i = 0; i < tokens * all; ++i)
        b.d.push_back(static_cast<float>(rng.uniform() * 0.2));
    return b;
}

} // namespace

class TestPanels : public QObject {
    Q_OBJECT
private slots:
    void ternary_data() { addPanelOps(); }
    void ternary();
    void ternaryExtremes_data() { addPanelOps(); }
    void ternaryExtremes();
    void blocks_data() { addPanelOps(); }
    void blocks();
    void takesTrits();
    void panelsKeepTrits();
    void everyBase3Byte();
    void everyTriple();
    void tokenRounding();
    void blockRounding();
    void roundingAgrees();
};

void TestPanels::ternary() {
    QFETCH(const PanelOps*, ops);
    if (!ops)
        QSKIP("this CPU does not run it");
    Rng rng(4);
    const auto trit = [&](std::int64_t, std::int64_t) { return static_cast<int>(rng.below(3)) - 1; };
    const auto act = [&](std::int64_t, std::int64_t) { return static_cast<int>(rng.below(256)) - 128; };
    for (const Form form : kForms) {
        for (const std::int64_t cols : {1, 15, 16, 17, 20, 21, 240, 255, 256, 257, 319, 321, 576, 2049, 2560})
            for (const std::int64_t rows : {0, 1, 16, 19, 70, 331})
                for (const std::int64_t tokens : {1, 3, 4, 23})
                    checkTernary(*ops, makeTernary(rows, tokens, cols, form.form, form.oneScale, trit, act), "random");
        for (int round = 0; round < 60; ++round)
            checkTernary(*ops,
                         makeTernary(static_cast<std::int64_t>(rng.below(40)), static_cast<std::int64_t>(rng.below(30)),
                                     1 + static_cast<std::int64_t>(rng.below(3000)), form.form, form.oneScale, trit, act),
                         "fuzz");
    }
}

void TestPanels::ternaryExtremes() {
    QFETCH(const PanelOps*, ops);
    if (!ops)
        QSKIP("this CPU does not run it");
    // Sums of 16 bits reach their very limit here; random data never gets near it.
    for (const Form form : kForms)
        for (const std::int64_t cols : {255, 2047, 2048, 6912, 32767, 32768})
            for (const int a : {127, -127, -128})
                for (const int w : {1, 0, -1, 2})
                    for (const std::int64_t tokens : {1, 5})
                        checkTernary(*ops,
                                     makeTernary(2, tokens, cols, form.form, form.oneScale,
                                                 [&](std::int64_t r, std::int64_t c) { return w < 2 ? w : (r + c) % 3 - 1; },
                                                 [&](std::int64_t t, std::int64_t c) { return t == 4 && c % 2 ? -a - (a < 0) : a; }),
                                     "extreme");
}

void TestPanels::blocks() {
    QFETCH(const PanelOps*, ops);
    if (!ops)
        QSKIP("this CPU does not run it");
    struct Encoding {
        const char* name;
        std::vector<std::int64_t> halves;
    };
    Rng rng(5);
    for (const Encoding& e : {Encoding{"Q4_0", {0}}, Encoding{"Q4_1", {0, 2}}, Encoding{"Q8_0", {0}}, Encoding{"Q5_0", {0}},
                              Encoding{"IQ4_NL", {0}}, Encoding{"Q4_K", {0, 2}},
                              Encoding{"Q6_K", {208}}})
        for (const bool extreme : {false, true})
            for (const std::int64_t wide : {1, 2, 9})
                for (const std::int64_t rows : {1, 16, 21})
                    for (const std::int64_t tokens : {1, 2, 3, 4, 17}) {
                        const std::int64_t cols = findBlockRepack(e.name)->cols * (wide == 9 && findBlockRepack(e.name)->cols == 256 ? 3 : wide);
                        const Blocks b = makeBlocks(e.name, e.halves, rows, cols, tokens, rng, extreme);
                        const std::int64_t yStride = rows + 2, all = cols / kBlockCols;
                        std::vector<float> y(size(tokens * yStride), 77.0f), same = y, scratch(size(tokens * kPanelScratch));
                        ops->blocks(b.panels(), 0, panelsOf(rows), rows, b.input(), y.data(), yStride, scratch.data());
                        scalar::kPanelOps.blocks(b.panels(), 0, panelsOf(rows), rows, b.input(), same.data(), yStride, scratch.data());
                        for (std::size_t i = 0; i < y.size(); ++i)
                            QVERIFY2(bitsOf(y[i]) == bitsOf(same[i]),
                                     qPrintable(QStringLiteral("%1, %2 x %3, %4 tokens, value %5: %6 instead of %7")
                                                    .arg(QLatin1String(e.name)).arg(rows).arg(cols).arg(tokens).arg(i)
                                                    .arg(static_cast<double>(y[i])).arg(static_cast<double>(same[i]))));
                        for (std::int64_t t = 0; t < tokens; ++t)
                            for (std::int64_t r = 0; r < rows; ++r) {
                                double exact = 0, magnitude = 0;
                                for (std::int64_t c = 0; c < cols; ++c) {
                                    const double product = static_cast<double>(b.decoded[size(r * cols + c)])
                                                           * static_cast<double>(b.d[size(t * all + c / kBlockCols)])
                                                           * b.q[size(t * cols + c)];
                                    exact += product;
                                    magnitude += std::fabs(product);
                                }
                                // Every weight and every addition is rounded once or twice. A block with a minimum adds its two
                                // parts apart, each up to three times what is left of them (codes to 15, the minimum's factor).
                                const double parts = e.halves.size() == 2 ? 64 : 8;
                                const double bound = (parts + 4.0 * static_cast<double>(all)) * 0x1p-23 * magnitude + 1e-30;
                                QVERIFY2(std::fabs(static_cast<double>(y[size(t * yStride + r)]) - exact) <= bound,
                                         qPrintable(QStringLiteral("%1: %2, exactly %3, bound %4").arg(QLatin1String(e.name))
                                                        .arg(static_cast<double>(y[size(t * yStride + r)])).arg(exact).arg(bound)));
                            }
                    }
}

void TestPanels::takesTrits() {
    std::int8_t trits[256];
    float scale = 1;
    const std::vector<float> zeros(256, 0.0f);
    QVERIFY(takeTrits(zeros.data(), 256, trits, scale));
    QCOMPARE(scale, 0.0f);
    const std::vector<float> some{0.0f, -0.37f, 0.37f, -0.0f, 0.37f};
    QVERIFY(takeTrits(some.data(), 5, trits, scale));
    QCOMPARE(scale, 0.37f);
    QCOMPARE(std::vector<int>(trits, trits + 5), (std::vector<int>{0, -1, 1, 0, 1}));
    for (const float bad : {0.5f, 2.0f, std::nextafter(1.0f, 2.0f), std::nanf(""), INFINITY}) {
        std::vector<float> values{1.0f, -1.0f, 0.0f, bad};
        QVERIFY2(!takeTrits(values.data(), 4, trits, scale), qPrintable(QString::number(static_cast<double>(bad))));
        std::swap(values[0], values[3]);
        QVERIFY2(!takeTrits(values.data(), 4, trits, scale), "bad value first");
        for (std::int64_t at = 0; at < 256; ++at) { // in every place of a register and of what is left over
            std::vector<float> row(static_cast<std::size_t>(at + 1), -1.0f);
            QVERIFY(takeTrits(row.data(), at + 1, trits, scale));
            QVERIFY(std::all_of(trits, trits + at + 1, [](int trit) { return trit == -1; }));
            if (at > 0) {
                row.back() = bad;
                QVERIFY(!takeTrits(row.data(), at + 1, trits, scale));
            }
        }
    }
}

void TestPanels::panelsKeepTrits() {
    Rng rng(6);
    for (const Form form : kForms)
        for (const std::int64_t cols : {1, 19, 20, 64, 257, 600}) {
            const Ternary d = makeTernary(83, 0, cols, form.form, form.oneScale,
                                          [&](std::int64_t, std::int64_t) { return static_cast<int>(rng.below(3)) - 1; },
                                          [](std::int64_t, std::int64_t) { return 0; });
            std::vector<std::int8_t> trits(size(cols));
            std::vector<float> values(size(cols) + 1, 9.0f);
            for (std::int64_t r = 0; r < 83; ++r) {
                ternaryRow(d.panels(), r, trits.data());
                decodeTernaryPanels(d.panels(), r, values.data());
                for (std::int64_t c = 0; c < cols; ++c) {
                    QCOMPARE(int{trits[size(c)]}, int{d.trits[size(r * cols + c)]});
                    const float m = form.oneScale ? d.scales[0] : d.scales[size((r / 16 * scaleBlocks(cols) + c / 256) * 16 + r % 16)];
                    QCOMPARE(values[size(c)], static_cast<float>(trits[size(c)]) * m);
                }
                QCOMPARE(values.back(), 9.0f);
            }
        }
}

/// All 243 fives of trits.
void TestPanels::everyBase3Byte() {
    for (int v = 0; v < 243; ++v) {
        std::vector<std::int8_t> trits(64 * 20, 0);
        for (int f = 0, rest = v; f < 5; ++f, rest /= 3)
            trits[size(4 * f + 2)] = static_cast<std::int8_t>(rest % 3 - 1);
        std::uint8_t panel[64];
        std::int32_t sums[16];
        packTernary(TernaryForm::Base3, trits.data(), 20, 16, 20, 0, panel, sums);
        const float one = 1;
        std::int8_t back[20];
        ternaryRow({TernaryForm::Base3, panel, 16, 20, 1, &one, sums, true}, 0, back);
        QVERIFY(std::equal(back, back + 20, trits.begin()));
        int total = 20;
        for (int c = 0; c < 20; ++c)
            total += back[c];
        QCOMPARE(sums[0], total);
    }
}

/// All 27 triples against every corner of the activations, table by table.
void TestPanels::everyTriple() {
    for (int v = 0; v < 27; ++v) {
        const int trits[3] = {v / 9 - 1, v / 3 % 3 - 1, v % 3 - 1};
        const int n = 9 * trits[0] + 3 * trits[1] + trits[2];
        for (int f = 0; f < 3; ++f)
            QCOMPARE(tripleTrit(n, f), trits[f]);
    }
    const MakeTables make = tableMaker();
    if (!make)
        QSKIP("no set that this CPU runs makes tables");
    for (const int a : {-128, -127, -1, 0, 1, 126, 127})
        for (const int b : {-128, 0, 127})
            for (const int c : {-128, 5, 127}) {
                std::vector<std::int8_t> q(size(paddedCols(3)), 0);
                q[0] = static_cast<std::int8_t>(a), q[1] = static_cast<std::int8_t>(b), q[2] = static_cast<std::int8_t>(c);
                std::vector<std::uint8_t> tables(size(tableBytes(3)), 99);
                make(q.data(), 3, tables.data());
                for (int n = 0; n <= 13; ++n) {
                    const int low = static_cast<std::int8_t>(tables[size(n)]), high = static_cast<std::int8_t>(tables[size(16 + n)]);
                    QCOMPARE(32 * high + low, a * tripleTrit(n, 0) + b * tripleTrit(n, 1) + c * tripleTrit(n, 2));
                    QVERIFY(low >= -16 && low < 16);
                }
                QVERIFY(std::all_of(tables.begin() + 32, tables.end(), [](std::uint8_t t) { return t == 0; }));
            }
}

void TestPanels::tokenRounding() {
    for (const KernelSet& set : kernelSets()) {
        if (!set.supported())
            continue;
        const QuantizeToken quantize = set.rounding->token;
        // By hand: max 2 -> r 63.5; halves go to the even neighbour.
        const std::vector<float> x{2.0f, -2.0f, 0.5f / 63.5f, 1.5f / 63.5f, -2.5f / 63.5f, 1.0f, 0.0f};
        std::vector<std::int8_t> q(size(paddedCols(7)), 1);
        std::int32_t sum = 1;
        QCOMPARE(quantize(x.data(), 7, q.data(), &sum), 63.5f);
        const auto expected = [&](std::size_t i) { return static_cast<int>(std::nearbyint(x[i] * 63.5f)); };
        int total = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            QCOMPARE(static_cast<int>(q[i]), expected(i));
            total += expected(i);
        }
        QCOMPARE(static_cast<int>(q[0]), 127);
        QCOMPARE(static_cast<int>(q[5]), 64);
        QCOMPARE(sum, total);
        for (std::size_t i = x.size(); i < q.size(); ++i)
            QCOMPARE(static_cast<int>(q[i]), 0);
        const std::vector<float> small(3, 1e-7f); // below the floor of 1e-5: 127e-7 / 1e-5 = 1.27 -> 1
        QCOMPARE(quantize(small.data(), 3, q.data(), &sum), 127.0f / 1e-5f);
        QCOMPARE(sum, 3);
        for (const float bad : {INFINITY, -INFINITY, std::nanf("")}) {
            const std::vector<float> broken{1.0f, bad, 2.0f};
            QVERIFY(std::isnan(quantize(broken.data(), 3, q.data(), &sum)));
            QCOMPARE(sum, 0);
        }
    }
}

void TestPanels::blockRounding() {
    for (const KernelSet& set : kernelSets()) {
        if (!set.supported())
            continue;
        std::vector<float> x(128, 0.0f);
        x[0] = -2.54f, x[1] = 0.03f, x[17] = 1.27f; // d = 0.02
        x[64] = std::nanf("");
        x[96] = 1e-40f;
        std::vector<std::int8_t> q(128, 1);
        std::vector<float> d(4);
        std::vector<std::int32_t> sums(8);
        set.rounding->blocks(x.data(), 128, q.data(), d.data(), sums.data());
        QCOMPARE(d[0], 2.54f / 127.0f);
        QCOMPARE(int{q[0]}, -127);
        QCOMPARE(int{q[1]}, 2); // 1.5 by this r, to even
        QCOMPARE(int{q[17]}, 64); // 63.5, to even
        QCOMPARE(sums[0], -125);
        QCOMPARE(sums[1], 64);
        QCOMPARE(d[1], 0.0f);
        QVERIFY(std::isnan(d[2]));
        QVERIFY(std::isfinite(d[3]));
        for (std::size_t i = 32; i < 128; ++i)
            QCOMPARE(int{q[i]}, 0);
    }
}

void TestPanels::roundingAgrees() {
    Rng rng(8);
    for (const KernelSet& set : kernelSets()) {
        if (!set.supported())
            continue;
        for (int round = 0; round < 200; ++round) {
            const std::int64_t cols = 1 + static_cast<std::int64_t>(rng.below(900));
            std::vector<float> x(size(cols));
            for (float& v : x)
                v = static_cast<float>(rng.normal() * std::exp2(static_cast<double>(rng.below(12)) - 6));
            if (round % 20 == 19)
                x[rng.below(x.size())] = INFINITY;
            std::vector<std::int8_t> q(size(paddedCols(cols)), 1), sameQ(q.size(), 2);
            std::vector<std::int32_t> sums(size(scaleBlocks(cols)), 3), sameSums(sums.size(), 4);
            const float r = set.rounding->token(x.data(), cols, q.data(), sums.data());
            const float same = scalar::kRoundingOps.token(x.data(), cols, sameQ.data(), sameSums.data());
            QVERIFY(bitsOf(r) == bitsOf(same) || (std::isnan(r) && std::isnan(same)));
            QCOMPARE(q, sameQ);
            QCOMPARE(sums, sameSums);
            if (cols < 32)
                continue;
            const std::int64_t whole = cols / 32 * 32;
            std::vector<float> d(size(whole / 32)), sameD(d.size());
            std::vector<std::int32_t> halves(size(whole / 16), 5), sameHalves(halves.size(), 6);
            set.rounding->blocks(x.data(), whole, q.data(), d.data(), halves.data());
            scalar::kRoundingOps.blocks(x.data(), whole, sameQ.data(), sameD.data(), sameHalves.data());
            QVERIFY(std::equal(q.begin(), q.begin() + whole, sameQ.begin()));
            QCOMPARE(halves, sameHalves);
            for (std::size_t i = 0; i < d.size(); ++i)
                QVERIFY(bitsOf(d[i]) == bitsOf(sameD[i]) || (std::isnan(d[i]) && std::isnan(sameD[i])));
        }
    }
}

QTEST_GUILESS_MAIN(TestPanels)
#include "tst_panels.moc"
