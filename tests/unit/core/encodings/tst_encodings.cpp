// What every encoding promises: sizes, sub-ranges, any bytes, extreme weights, cancel, threads; and the registry.
#include "tests/unit/core/encodings/encodingfixture.h"

#include "core/base/half.h"
#include "core/encodings/hfbitnet/hfbitnet.h"

#include <QObject>

#include <omp.h>

#ifdef __unix__
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <atomic>
#include <cmath>
#include <limits>

using namespace trilobit;
using namespace trilobit::test;

namespace {

constexpr std::int64_t kMaxInt = std::numeric_limits<std::int64_t>::max();

std::vector<std::shared_ptr<const Encoding>> everyEncoding() {
    auto all = EncodingRegistry::builtin().all();
    for (const char* id : {"affine-g1-b1", "affine-g7-b5", "affine-g100-b6", "affine-g65536-b7", "affine-g33-b8"})
        all.push_back(encodingOrFail(id));
    all.push_back(makeHfBitnet(0.0371f));
    return all;
}

bool ternaryTensor(const Encoding& encoding) {
    return encoding.info().grid.groupSize == kGroupIsTensor && encoding.info().grid.kind == GridKind::Linear;
}

/// Weights the encoding takes.
std::vector<float> fittingWeights(const Encoding& encoding, std::size_t count, std::uint64_t seed) {
    return ternaryTensor(encoding) ? ternaryWeights(count, 0.0371f, seed) : normalWeights(count, 0.02, seed);
}

class CountingControl : public RunControl {
public:
    explicit CountingControl(int allowed) : m_left(allowed) {}
    bool isCancelled() const noexcept override { return m_left.fetch_sub(1) <= 0; }

private:
    mutable std::atomic<int> m_left;
};

} // namespace

class TestEncodings : public QObject {
    Q_OBJECT
private slots:
    void registryFinds_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("id");
        for (const char* id : {"F32",   "F16",   "BF16", "F64",    "Q8_0",   "Q4_0",   "Q4_1",   "Q5_0",         "Q5_1",
                               "Q2_K",  "Q3_K",  "Q4_K", "Q5_K",   "Q6_K",   "IQ4_NL", "IQ4_XS", "MXFP4",        "NF4",
                               "TQ1_0", "TQ2_0", "I2_S", "IQ1_BN", "IQ2_BN", "Q1_0",   "Q2_0",   "affine-g64-b4"}) {
            QTest::addRow("%s", id) << QString(id) << QString(id);
            QTest::addRow("%s lower", id) << QString(id).toLower() << QString(id);
            QTest::addRow("%s upper", id) << QString(id).toUpper() << QString(id);
        }
        QTest::addRow("family") << "Affine-G65536-B8"
                                << "affine-g65536-b8";
    }
    void registryFinds() {
        QFETCH(QString, text);
        QFETCH(QString, id);
        const auto found = EncodingRegistry::builtin().find(text.toStdString());
        QVERIFY_RESULT(found);
        QCOMPARE(QString::fromStdString((*found)->info().id), id);
    }

    void registryRefuses_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "Q4", "Q4_0 ", "hf-bitnet", "affine", "affine-g64", "affine-g64-b", "affine-g0-b4", "affine-g64-b0",
              "affine-g64-b9", "affine-g65537-b4", "affine-g064-b4", "affine-g64-b04", "affine-g-64-b4",
              "affine-g64-b4x", "affine-g+64-b4", "affine-g99999999999999999999-b4"})
            QTest::addRow("'%s'", text) << text;
    }
    void registryRefuses() {
        QFETCH(QString, text);
        const auto found = EncodingRegistry::builtin().find(text.toStdString());
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::Usage);
        for (const char* id : {"F32", "Q4_1", "TQ2_0", "I2_S", "affine-g64-b4"})
            QVERIFY2(found.error().text().find(id) != std::string::npos, found.error().text().c_str());
    }

    void registryByGgmlType() {
        const auto registry = EncodingRegistry::builtin();
        const std::pair<int, const char*> types[] = {
            {0, "F32"},     {1, "F16"},     {2, "Q4_0"},  {3, "Q4_1"},  {6, "Q5_0"},     {7, "Q5_1"},
            {8, "Q8_0"},    {10, "Q2_K"},   {11, "Q3_K"}, {12, "Q4_K"}, {13, "Q5_K"},    {14, "Q6_K"},
            {20, "IQ4_NL"}, {23, "IQ4_XS"}, {28, "F64"},  {30, "BF16"}, {34, "TQ1_0"},   {35, "TQ2_0"},
            {36, "I2_S"},   {39, "MXFP4"},  {41, "Q1_0"}, {42, "Q2_0"}, {134, "IQ1_BN"}, {135, "IQ2_BN"}};
        for (const auto& [type, id] : types) {
            QVERIFY(registry.findByGgmlType(type));
            QCOMPARE(registry.findByGgmlType(type)->info().id, std::string(id));
        }
        for (const int type : {-1, 4, 24, 37, 1000})
            QVERIFY(!registry.findByGgmlType(type));
    }

    void registryAddsOnce() {
        auto registry = EncodingRegistry::builtin();
        QVERIFY_RESULT(registry.add(makeHfBitnet(1.0f)));
        QVERIFY_RESULT(registry.find("HF-BITNET"));
        const auto again = registry.add(makeHfBitnet(2.0f));
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::Plugin);
        QVERIFY(!registry.add(encodingOrFail("affine-g12-b3"))); // made on demand already
        QVERIFY(!registry.add(nullptr));
    }

    void descriptionsAreComplete() {
        for (const auto& encoding : everyEncoding()) {
            const EncodingInfo& info = encoding->info();
            QVERIFY2(!info.id.empty() && !info.title.empty() && info.help.size() > 40, info.id.c_str());
            QVERIFY2(info.blockSize >= 1, info.id.c_str());
            if (info.grid.kind == GridKind::Linear)
                QVERIFY2(info.grid.levels() >= 2 && info.grid.scaleType != ParameterType::None, info.id.c_str());
            // The stated bits per weight are those of a large tensor (65536 columns are whole blocks of every encoding
            // here but for the odd group sizes, whose last group costs a header more).
            const double bits = 8.0 * static_cast<double>(sizeOrFail(*encoding, 4096, 65536)) / (4096.0 * 65536.0);
            QVERIFY2(std::fabs(bits - info.bitsPerWeight) < 1e-3 * info.bitsPerWeight, info.id.c_str());
        }
    }

    void sizesAreCheckedAndNeverOverflow() {
        for (const auto& encoding : everyEncoding()) {
            const std::string& id = encoding->info().id;
            for (const auto& [rows, cols] : {std::pair<std::int64_t, std::int64_t>{-1, 256},
                                             {256, -256},
                                             {kMaxInt, kMaxInt},
                                             {kMaxInt - 255, 256},
                                             {4, kMaxInt / 256 * 256},
                                             {std::int64_t{1} << 40, std::int64_t{1} << 40}}) {
                const auto size = encoding->sizeBytes(rows, cols);
                QVERIFY2(!size, id.c_str());
            }
            QVERIFY2(encoding->sizeBytes(0, 0).has_value(), id.c_str());
            QVERIFY2(encoding->sizeBytes(0, 256).has_value(), id.c_str());
            // One, two and three blocks; a row that is no whole number of blocks is refused with the reason.
            const std::int64_t block = encoding->info().blockSize;
            if (block > 1) {
                const std::uint64_t one = sizeOrFail(*encoding, 1, block), two = sizeOrFail(*encoding, 1, 2 * block);
                QCOMPARE(sizeOrFail(*encoding, 1, 3 * block) - two, two - one);
                if (encoding->info().bytesPerBlock > 0)
                    QCOMPARE(one, static_cast<std::uint64_t>(encoding->info().bytesPerBlock));
                const auto refused = encoding->sizeBytes(1, block + 1);
                QVERIFY2(!refused && refused.error().text().find(std::to_string(block)) != std::string::npos,
                         id.c_str());
            }
            const auto odd = encoding->sizeBytes(3, 257);
            const bool takesAny = encoding->info().blockSize == 1 && !ternaryTensor(*encoding);
            QCOMPARE(odd.has_value(), takesAny);
            if (!odd)
                QCOMPARE(odd.error().code, ErrorCode::Unsupported);
        }
        const auto message = encodingOrFail("TQ2_0")->sizeBytes(576, 576);
        QVERIFY(!message && message.error().text().find("rows of 576 are not a multiple of 256") != std::string::npos);
        QCOMPARE(sizeOrFail(*encodingOrFail("I2_S"), 2, 64), std::uint64_t{64});
        QCOMPARE(sizeOrFail(*encodingOrFail("affine-g64-b3"), 2, 100), std::uint64_t{2 * (4 + 24 + 4 + 14)});
    }

    void emptyTensors() {
        for (const auto& encoding : everyEncoding()) {
            std::vector<std::byte> bytes(sizeOrFail(*encoding, 0, 256));
            RunControl control;
            float nothing = 0;
            QVERIFY_RESULT(encoding->encode({&nothing, 0, 256}, {}, bytes, control));
            encoding->decodeRows(bytes, 0, 256, 0, 0, &nothing);
            if (encoding->info().grid.kind == GridKind::Linear) {
                const auto codes = encoding->unpack(bytes, 0, 256);
                QVERIFY_RESULT(codes);
                QVERIFY_RESULT(encoding->pack(*codes, bytes));
            }
        }
    }

    void subRangesEqualTheWhole() {
        constexpr std::int64_t kRows = 12, kCols = 768;
        for (const auto& encoding : everyEncoding()) {
            const auto bytes = encoded(*encoding, fittingWeights(*encoding, kRows * kCols, 2), kCols);
            QVERIFY_RESULT(bytes);
            const auto whole = decoded(*encoding, *bytes, kRows, kCols);
            for (const auto& [begin, count] :
                 {std::pair<std::int64_t, std::int64_t>{0, 1}, {3, 1}, {11, 1}, {2, 7}, {5, 0}}) {
                std::vector<float> part(static_cast<std::size_t>(count * kCols) + 1, -77.0f);
                encoding->decodeRows(*bytes, kRows, kCols, begin, count, part.data());
                QCOMPARE(part.back(), -77.0f); // not a value further
                for (std::int64_t i = 0; i < count * kCols; ++i)
                    QCOMPARE(part[static_cast<std::size_t>(i)], whole[static_cast<std::size_t>(begin * kCols + i)]);
            }
        }
    }

    void i2sBlocksCrossRows() {
        // 6 rows of 64: three blocks of two rows each; every row must come out alone as well.
        const auto encoding = encodingOrFail("I2_S");
        for (const std::int64_t cols : {64, 32, 192, 1, 7}) {
            const std::int64_t rows = 128 * 3;
            const auto weights = ternaryWeights(static_cast<std::size_t>(rows * cols), 1.5f, 9);
            const auto bytes = encoded(*encoding, weights, cols);
            QVERIFY_RESULT(bytes);
            std::vector<float> row(static_cast<std::size_t>(cols));
            for (std::int64_t r = 0; r < rows; ++r) {
                encoding->decodeRows(*bytes, rows, cols, r, 1, row.data());
                for (std::int64_t c = 0; c < cols; ++c)
                    QCOMPARE(row[static_cast<std::size_t>(c)], weights[static_cast<std::size_t>(r * cols + c)]);
            }
            QCOMPARE(firstDifference(decoded(*encoding, *bytes, rows, cols), weights), std::int64_t{-1});
            const auto codes = encoding->unpack(*bytes, rows, cols);
            QVERIFY_RESULT(codes);
            QVERIFY(*packed(*encoding, *codes) == *bytes);
        }
    }

    void anyBytesDecode() {
        Rng rng(31);
        for (const auto& encoding : everyEncoding()) {
            std::vector<std::byte> bytes(sizeOrFail(*encoding, 4, 512));
            for (int round = 0; round < 20; ++round) {
                for (std::byte& b : bytes)
                    b = static_cast<std::byte>(rng.next() & 255);
                const auto first = decoded(*encoding, bytes, 4, 512), second = decoded(*encoding, bytes, 4, 512);
                QCOMPARE(firstDifference(first, second), std::int64_t{-1});
                if (encoding->info().grid.kind == GridKind::Linear)
                    QVERIFY_RESULT(encoding->unpack(bytes, 4, 512));
            }
        }
    }

#ifdef __unix__
    /// The tensor ends where readable memory ends.
    void decodingNeverReadsBeyond() {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        for (const auto& encoding : everyEncoding())
            for (const std::int64_t blocks : {1, 2, 3}) {
                const std::int64_t cols = blocks * (ternaryTensor(*encoding) ? 128 : encoding->info().blockSize);
                const std::int64_t rows = ternaryTensor(*encoding) ? 4 : 2;
                const std::uint64_t size = sizeOrFail(*encoding, rows, cols);
                const std::size_t room = (static_cast<std::size_t>(size) + page - 1) / page * page;
                void* memory = mmap(nullptr, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                QVERIFY(memory != MAP_FAILED);
                auto* begin = static_cast<std::byte*>(memory);
                QCOMPARE(mprotect(begin + room, page, PROT_NONE), 0);
                Rng rng(5);
                for (std::size_t i = 0; i < room; ++i)
                    begin[i] = static_cast<std::byte>(rng.next() & 255);
                const std::span<const std::byte> tensor(begin + room - size, static_cast<std::size_t>(size));
                QCOMPARE(decoded(*encoding, tensor, rows, cols).size(), static_cast<std::size_t>(rows * cols));
                munmap(memory, room + page);
            }
    }
#endif

    void misalignedBytesDecodeTheSame() {
        for (const auto& encoding : everyEncoding()) {
            const auto bytes = encoded(*encoding, fittingWeights(*encoding, 4 * 512, 8), 512);
            QVERIFY_RESULT(bytes);
            const auto expected = decoded(*encoding, *bytes, 4, 512);
            for (const std::size_t offset : {1, 2, 3, 13}) {
                std::vector<std::byte> shifted(offset);
                shifted.insert(shifted.end(), bytes->begin(), bytes->end());
                QCOMPARE(firstDifference(decoded(*encoding, std::span(shifted).subspan(offset), 4, 512), expected),
                         std::int64_t{-1});
            }
        }
    }

    void sameBytesForAnyNumberOfThreads() {
        const int before = omp_get_max_threads();
        for (const auto& encoding : everyEncoding()) {
            const auto weights = fittingWeights(*encoding, 64 * 768, 4);
            std::vector<float> importance(768);
            for (std::size_t c = 0; c < importance.size(); ++c)
                importance[c] = 0.1f + static_cast<float>(c % 13);
            omp_set_num_threads(1);
            const auto one = encoded(*encoding, weights, 768, importance);
            omp_set_num_threads(5);
            const auto five = encoded(*encoding, weights, 768, importance);
            QVERIFY_RESULT(one);
            QVERIFY_RESULT(five);
            QVERIFY2(*one == *five, encoding->info().id.c_str());
        }
        omp_set_num_threads(before);
    }

    void cancelStopsEncoding() {
        for (const auto& encoding : everyEncoding()) {
            const auto weights = fittingWeights(*encoding, 256 * 512, 4);
            std::vector<std::byte> bytes(sizeOrFail(*encoding, 256, 512));
            for (const int allowed : {0, 100}) {
                CountingControl control(allowed);
                const auto result = encoding->encode({weights.data(), 256, 512}, {}, bytes, control);
                QVERIFY2(!result && result.error().code == ErrorCode::Cancelled, encoding->info().id.c_str());
            }
        }
    }

    void extremeWeightsStayFinite() {
        const float huge = std::numeric_limits<float>::max(), tiny = std::numeric_limits<float>::denorm_min();
        std::vector<std::vector<float>> cases;
        const auto add = [&](auto value) {
            std::vector<float> weights(512);
            for (std::size_t i = 0; i < weights.size(); ++i)
                weights[i] = value(i);
            cases.push_back(std::move(weights));
        };
        add([](std::size_t) { return 0.0f; });
        add([](std::size_t) { return -0.0f; });
        add([&](std::size_t) { return tiny; });
        add([&](std::size_t i) { return i % 2 ? tiny : -tiny; });
        add([&](std::size_t) { return huge; });
        add([&](std::size_t) { return -huge; });
        add([&](std::size_t i) { return i % 2 ? huge : -huge; });
        add([&](std::size_t i) { return i == 3 ? -huge : 1e-30f; });
        add([&](std::size_t i) { return i == 3 ? 70000.0f : 0.01f; });
        add([](std::size_t i) { return 1e-20f * static_cast<float>(i); });
        add([](std::size_t i) { return 1e-38f * static_cast<float>(i); });
        add([](std::size_t i) { return 1.0f + 1e-7f * static_cast<float>(i); });
        add([](std::size_t i) { return -30000.0f - 1e-2f * static_cast<float>(i); });
        add([](std::size_t i) { return 1e5f + static_cast<float>(i); });
        const std::vector<float> importances[] = {{},
                                                  std::vector<float>(512, 1.0f),
                                                  std::vector<float>(512, 0.0f),
                                                  std::vector<float>(512, huge),
                                                  std::vector<float>(512, tiny)};
        for (const auto& encoding : everyEncoding()) {
            if (ternaryTensor(*encoding) || encoding->info().grid.kind == GridKind::Float)
                continue;
            for (std::size_t k = 0; k < cases.size(); ++k)
                for (const auto& importance : importances) {
                    const auto bytes = encoded(*encoding, cases[k], 512, importance);
                    QVERIFY_RESULT(bytes);
                    for (const float w : decoded(*encoding, *bytes, 1, 512))
                        QVERIFY2(std::isfinite(w),
                                 qPrintable(QString("%1, case %2").arg(encoding->info().id.c_str()).arg(k)));
                    if (k < 4) // the smallest float itself survives only where scales are floats
                        for (const float w : decoded(*encoding, *bytes, 1, 512))
                            QVERIFY2(std::fabs(w)
                                         <= (encoding->info().grid.scaleType == ParameterType::F32 ? tiny : 0.0f),
                                     encoding->info().id.c_str());
                }
        }
    }

    void weightsThatAreNotFiniteAreRefused() {
        for (const auto& encoding : everyEncoding()) {
            if (encoding->info().grid.kind == GridKind::Float)
                continue;
            for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
                auto weights = fittingWeights(*encoding, 8 * 512, 4);
                weights[5 * 512 + 17] = bad;
                weights[6 * 512] = bad;
                const auto bytes = encoded(*encoding, weights, 512);
                QVERIFY2(!bytes, encoding->info().id.c_str());
                QCOMPARE(bytes.error().code, ErrorCode::Unsupported);
                QVERIFY2(bytes.error().text().find("row 5, column 17") != std::string::npos,
                         bytes.error().text().c_str());
            }
        }
    }

    void floatsKeepWhatTheyCan() {
        const float inf = std::numeric_limits<float>::infinity();
        const std::vector<float> special{inf, -inf, 0.0f, -0.0f, 65504.0f, -65504.0f, 0x1p-24f, 0x1p-14f};
        for (const char* id : {"F32", "F16", "BF16"}) {
            const auto encoding = encodingOrFail(id);
            const bool bf16 = QString(id) == "BF16";
            const auto bytes = encoded(*encoding, special, 8);
            QVERIFY_RESULT(bytes);
            const auto values = decoded(*encoding, *bytes, 1, 8);
            for (std::size_t i = 0; i < special.size(); ++i)
                if (!bf16 || std::fabs(special[i]) != 65504.0f)
                    QCOMPARE(std::bit_cast<std::uint32_t>(values[i]), std::bit_cast<std::uint32_t>(special[i]));
            const auto nan = encoded(*encoding, {std::numeric_limits<float>::quiet_NaN()}, 1);
            QVERIFY_RESULT(nan);
            QVERIFY(std::isnan(decoded(*encoding, *nan, 1, 1)[0]));
        }
        QVERIFY_RESULT(encoded(*encodingOrFail("F16"), {std::nextafter(65520.0f, 0.0f)}, 1));
        QVERIFY(!encoded(*encodingOrFail("F16"), {-65520.0f}, 1));
        QVERIFY_RESULT(encoded(*encodingOrFail("BF16"), {std::nextafter(0x1.FFp127f, 0.0f)}, 1));
        QVERIFY(!encoded(*encodingOrFail("BF16"), {0x1.FFp127f}, 1));
    }

    void doublesAreRoundedOnce() {
        const double values[] = {1.0, -0.1, 1e300, -1e300, 1 + 0x1p-24, 1 + 0x1p-24 + 0x1p-52, 1e-300, -0.0};
        const auto f64 = encodingOrFail("F64");
        const auto read = decoded(*f64, std::as_bytes(std::span(values)), 1, 8);
        const float inf = std::numeric_limits<float>::infinity();
        const std::vector<float> expected{1.0f, -0.1f, inf, -inf, 1.0f, 1 + 0x1p-23f, 0.0f, -0.0f};
        QCOMPARE(firstDifference(read, expected), std::int64_t{-1});
        const auto weights = normalWeights(1000, 1, 4);
        const auto bytes = encoded(*f64, weights, 100);
        QVERIFY_RESULT(bytes);
        QCOMPARE(firstDifference(decoded(*f64, *bytes, 10, 100), weights), std::int64_t{-1});
    }

    void normalFloats() {
        // Every level is kept, of a pair the first in the high nibble; the error of a bell curve is the published one.
        const float levels[16] = {-1.0f,
                                  -0.6961928009986877f,
                                  -0.5250730514526367f,
                                  -0.39491748809814453f,
                                  -0.28444138169288635f,
                                  -0.18477343022823334f,
                                  -0.09105003625154495f,
                                  0.0f,
                                  0.07958029955625534f,
                                  0.16093020141124725f,
                                  0.24611230194568634f,
                                  0.33791524171829224f,
                                  0.44070982933044434f,
                                  0.5626170039176941f,
                                  0.7229568362236023f,
                                  1.0f};
        const auto nf4 = encodingOrFail("NF4");
        std::vector<float> weights(64);
        for (std::size_t i = 0; i < weights.size(); ++i)
            weights[i] = 0.25f * levels[i % 16];
        const auto bytes = encoded(*nf4, weights, 64);
        QVERIFY_RESULT(bytes);
        for (int i = 0; i < 32; ++i)
            QCOMPARE(static_cast<int>((*bytes)[static_cast<std::size_t>(4 + i)]), (2 * i % 16) << 4 | (2 * i % 16 + 1));
        QCOMPARE(firstDifference(decoded(*nf4, *bytes, 1, 64), weights), std::int64_t{-1});
        const auto bell = normalWeights(1 << 20, 1, 12);
        const auto stored = encoded(*nf4, bell, 1 << 14);
        QVERIFY_RESULT(stored);
        const auto values = decoded(*nf4, *stored, 64, 1 << 14);
        double error = 0, energy = 0;
        for (std::size_t i = 0; i < bell.size(); ++i) {
            const double w = static_cast<double>(bell[i]), e = w - static_cast<double>(values[i]);
            error += e * e;
            energy += w * w;
        }
        QVERIFY2(std::fabs(error / energy - 0.0085) < 0.02 * 0.0085, qPrintable(QString::number(error / energy)));
    }

    void microscalingScales() {
        // Every power of two: the block (4, -6, 0.5, 0 ..) times it is stored exactly, down to denormals and up to
        // 2^125.
        const auto mxfp4 = encodingOrFail("MXFP4");
        for (int e = 0; e <= 252; ++e) {
            std::vector<float> weights(32);
            const float scale = std::ldexp(1.0f, e - 127);
            weights[0] = 4 * scale;
            weights[7] = -6 * scale;
            weights[20] = 0.5f * scale;
            const auto bytes = encoded(*mxfp4, weights, 32);
            QVERIFY_RESULT(bytes);
            QCOMPARE(static_cast<int>((*bytes)[0]), e);
            QCOMPARE(decoded(*mxfp4, *bytes, 1, 32), weights);
        }
    }

    void everyHalfDecodes() {
        std::vector<std::byte> bytes(2 * 65536);
        for (std::size_t i = 0; i < 65536; ++i) {
            bytes[2 * i] = static_cast<std::byte>(i & 255);
            bytes[2 * i + 1] = static_cast<std::byte>(i >> 8);
        }
        const auto halfs = decoded(*encodingOrFail("F16"), bytes, 1, 65536);
        const auto bfloats = decoded(*encodingOrFail("BF16"), bytes, 1, 65536);
        for (std::size_t i = 0; i < 65536; ++i) {
            const auto h = static_cast<std::uint16_t>(i);
            QCOMPARE(std::bit_cast<std::uint32_t>(halfs[i]), std::bit_cast<std::uint32_t>(halfToFloat(h)));
            QCOMPARE(std::bit_cast<std::uint32_t>(bfloats[i]), std::uint32_t{h} << 16);
        }
    }

    void ternaryEncodersRefuseOtherWeights() {
        for (const std::shared_ptr<const Encoding>& encoding : {encodingOrFail("I2_S"), makeHfBitnet(0.5f)}) {
            auto weights = ternaryWeights(8 * 128, 0.5f, 6);
            QVERIFY_RESULT(encoded(*encoding, weights, 128));
            weights[3 * 128 + 5] = 0.25f;
            const auto bytes = encoded(*encoding, weights, 128);
            QVERIFY(!bytes);
            QCOMPARE(bytes.error().code, ErrorCode::Unsupported);
            const QString text = QString::fromStdString(bytes.error().text());
            QVERIFY2(text.contains("stores only -s, 0, +s; choose a ternary method"), qPrintable(text));
            QVERIFY2(text.contains("0.25 at row 3, column 5"), qPrintable(text));
        }
        const auto zeros = encoded(*encodingOrFail("I2_S"), std::vector<float>(128, 0.0f), 128);
        QVERIFY_RESULT(zeros);
        QCOMPARE(decoded(*encodingOrFail("I2_S"), *zeros, 1, 128), std::vector<float>(128, 0.0f));
    }

    void hfPackingPutsQuartersInOneByte() {
        // 8 x 1: rows 0, 2, 4, 6 share the first byte, lowest bits first.
        const auto encoding = makeHfBitnet(2.0f);
        const auto bytes = encoded(*encoding, {-2.0f, 0.0f, 0.0f, 2.0f, 2.0f, -2.0f, 2.0f, 0.0f}, 1);
        QVERIFY_RESULT(bytes);
        QCOMPARE(bytes->size(), std::size_t{2});
        QCOMPARE(static_cast<int>((*bytes)[0]), 0 | 1 << 2 | 2 << 4 | 2 << 6);
        QCOMPARE(static_cast<int>((*bytes)[1]), 1 | 2 << 2 | 0 << 4 | 1 << 6);
        const auto refused = encoding->sizeBytes(6, 8);
        QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
    }

    void importanceCountsWhereTheySay() {
        const auto weights = normalWeights(4 * 768, 0.02, 5);
        std::vector<float> skewed(768);
        for (std::size_t c = 0; c < skewed.size(); ++c)
            skewed[c] = 0.1f + static_cast<float>(c % 13);
        for (const auto& encoding : everyEncoding()) {
            const auto plain = encoded(*encoding, weights, 768), weighted = encoded(*encoding, weights, 768, skewed);
            if (plain && weighted) // ternary ones refuse such weights
                QVERIFY2((*plain != *weighted) == encoding->usesImportance(), encoding->info().id.c_str());
            else
                QVERIFY2(!encoding->usesImportance(), encoding->info().id.c_str());
        }
    }

    void importanceIsChecked() {
        const auto encoding = encodingOrFail("Q4_0");
        const auto weights = normalWeights(64, 0.02, 1);
        const auto shortOne = encoded(*encoding, weights, 64, std::vector<float>(32, 1.0f));
        QVERIFY(!shortOne && shortOne.error().code == ErrorCode::Internal);
        std::vector<float> importance(64, 1.0f);
        importance[9] = -1.0f;
        const auto negative = encoded(*encoding, weights, 64, importance);
        QVERIFY(!negative && negative.error().text().find("column 9") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestEncodings)
#include "tst_encodings.moc"
