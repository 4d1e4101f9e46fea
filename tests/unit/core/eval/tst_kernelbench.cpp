// What a measurement of kernels says besides times: every kernel by name, the bytes that its layout takes, shares of a limit.
#include "core/eval/kernelbench/kernelbench.h"
#include "core/kernels/kernelset.h"
#include "core/kernels/panel/repack.h"

#include <QtTest>

#include <map>
#include <set>

using namespace trilobit;

namespace {

// No multiple of 64 rows, of 20 or of 24 columns: the last panels and steps are partly empty.
constexpr std::int64_t kRows = 80, kCols = 768, kBatch = 5, kContext = 70;

KernelBenchOptions smallOptions() {
    KernelBenchOptions o;
    o.threads = 2;
    o.repetitions = 2;
    o.batch = kBatch;
    o.rows = kRows;
    o.cols = kCols;
    o.context = kContext;
    o.memory = 1 << 20;
    o.seconds = 0;
    return o;
}

/// Bytes of a matrix in memory, from how its layout is described.
std::uint64_t layoutBytes(const std::string& name) {
    const std::uint64_t weights = kRows * kCols;
    const std::map<std::string, std::uint64_t> bytes{
        {"ternary-2bit-int8", weights / 4 + 4},
        {"ternary-scales-int8", weights / 4 + weights / 256 * 4},
        {"ternary-base3-int8", kRows * ((kCols + 19) / 20) * 4 + 4 + kRows * 4},      // 20 columns in 4 bytes, a sum to a row
        {"ternary-lookup-int8", 2 * ((kCols + 23) / 24) * 320 + 4 + 2 * 64 * 4},      // two panels of 64 rows
        {"ternary-f32", weights / 4 + 4},
        {"q4_0-int8", weights / 32 * 18},
        {"q4_1-int8", weights / 32 * 20},
        {"q8_0-int8", weights / 32 * 34},
        {"q5_0-int8", weights / 32 * 34},                                               // codes written out
        {"iq4_nl-int8", weights / 32 * 34},
        {"q4_k-int8", weights / 256 * (8 * 16 + 4 + 16)},                               // factors written out
        {"q6_k-int8", weights / 256 * 210},
        {"cache-f32-scores", 5 * kContext * 128 * 4},
        {"cache-f32-mix", 5 * kContext * 128 * 4},
        {"cache-f16-scores", 5 * kContext * 128 * 2},
        {"cache-f16-mix", 5 * kContext * 128 * 2},
        {"cache-q8_0-scores", 5 * kContext * (128 + 8)},
        {"cache-q8_0-mix", 5 * kContext * (128 + 8)},
    };
    const auto found = bytes.find(name);
    return found == bytes.end() ? 0 : found->second;
}

bool ordered(const Spread& s) { return s.min > 0 && s.min <= s.median && s.median <= s.max && std::isfinite(s.max); }

} // namespace

class TestKernelBench : public QObject {
    Q_OBJECT
private slots:
    void everyKernel();
    void patterns();
    void wrongOptions();
};

void TestKernelBench::everyKernel() {
    const EncodingRegistry encodings = EncodingRegistry::builtin();
    RunControl control;
    const auto made = benchKernels(encodings, smallOptions(), control);
    QVERIFY2(made, made ? "" : made.error().text().c_str());
    const KernelBenchResult& result = *made;
    const auto set = selectKernelSet();
    QVERIFY(set);
    QCOMPARE(result.set, std::string((*set)->name));
    QCOMPARE(result.threads, 2);
    QVERIFY(ordered(result.limits.read) && ordered(result.limits.floatRate) && ordered(result.limits.int8Rate));

    std::set<std::string> names, encodingsSeen;
    for (const KernelFigures& k : result.kernels) {
        QVERIFY2(names.insert(k.name).second, k.name.c_str());
        encodingsSeen.insert(k.encoding);
        QVERIFY2(k.kernel.find('/') != std::string::npos, k.kernel.c_str());
        if (const std::uint64_t bytes = layoutBytes(k.name); bytes != 0)
            QVERIFY2(k.bytes == bytes, (k.name + ": " + std::to_string(k.bytes) + ", not " + std::to_string(bytes)).c_str());
        const bool isMatrix = !k.encoding.empty() && k.name.rfind("cache-", 0) != 0;
        if (isMatrix) {
            const auto encoding = encodings.find(k.encoding);
            QVERIFY(encoding);
            const auto bytes = (*encoding)->sizeBytes(kRows, kCols);
            QVERIFY(bytes);
            QCOMPARE(k.encodedBytes, *bytes);
            if (layoutBytes(k.name) == 0) // used as it lies in the file
                QVERIFY2(k.bytes == *bytes, k.name.c_str());
        }
        QVERIFY2(k.one && k.batch, k.name.c_str());
        for (const KernelRate* rate : {&*k.one, &*k.batch}) {
            QVERIFY2(ordered(rate->seconds), k.name.c_str());
            QCOMPARE(rate->tokens, rate == &*k.one ? 1 : kBatch);
            const bool products = !k.encoding.empty();
            QCOMPARE(rate->bound != KernelBound::None, products);
            QCOMPARE(rate->share > 0, products);
            if (isMatrix)
                QCOMPARE(rate->operations, 2.0 * kRows * kCols * static_cast<double>(rate->tokens));
            else if (products)
                QCOMPARE(rate->operations, 2.0 * 20 * 128 * kContext * static_cast<double>(rate->tokens));
            else
                QCOMPARE(rate->operations, 0.0);
            if (products)
                QCOMPARE(rate->bytes, static_cast<double>(k.bytes)); // weights are read once for a batch
            else
                QCOMPARE(rate->bytes, static_cast<double>(k.bytes) * static_cast<double>(rate->tokens));
        }
    }
    for (const KernelBenchResult::Skipped& s : result.skipped)
        qWarning("%s: %s", s.name.c_str(), s.reason.c_str());
    QVERIFY(result.skipped.empty());
    for (const auto& encoding : encodings.all())
        QVERIFY2(encodingsSeen.contains(encoding->info().id), encoding->info().id.c_str());
    for (const kernels::BlockRepack& repack : kernels::blockRepacks()) {
        std::string name = repack.encoding;
        for (char& c : name)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        QVERIFY2(names.contains(name + "-int8"), repack.encoding);
    }
    for (const char* name : {"ternary-2bit-int8", "ternary-scales-int8", "ternary-base3-int8", "ternary-lookup-int8", "ternary-f32",
                             "f32", "cache-f16-scores", "cache-q8_0-mix", "round-token", "round-blocks", "cache-q8_0-store",
                             "rms-norm", "softmax", "silu-gate", "relu2-gate", "gelu-gate", "add-row", "rotate"})
        QVERIFY2(names.contains(name), name);
    QCOMPARE(names.contains("lookup-tables"), (*set)->rounding->tables != nullptr);
    for (const RowDecoder& decoder : (*set)->rowDecoders) { // they run where the names say so
        const auto at = std::find_if(result.kernels.begin(), result.kernels.end(), [&](const KernelFigures& k) {
            return k.encoding == decoder.encoding && k.name.ends_with("-f32");
        });
        QVERIFY2(at != result.kernels.end() && at->kernel.rfind("generic", 0) != 0, decoder.encoding);
    }
}

void TestKernelBench::patterns() {
    const EncodingRegistry encodings = EncodingRegistry::builtin();
    RunControl control;
    KernelBenchOptions options = smallOptions();
    options.only = "{softmax,q4_0-*}";
    options.batch = 0;
    const auto result = benchKernels(encodings, options, control);
    QVERIFY(result);
    QCOMPARE(result->kernels.size(), std::size_t(3));
    QCOMPARE(result->kernels.front().name, std::string("q4_0-int8"));
    QCOMPARE(result->kernels.back().name, std::string("softmax"));
    QVERIFY(result->kernels.front().one && !result->kernels.front().batch);
    options.only = "q9*";
    const auto none = benchKernels(encodings, options, control);
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::Usage);
    QVERIFY(none.error().message.find("q4_0-int8") != std::string::npos);
}

void TestKernelBench::wrongOptions() {
    const EncodingRegistry encodings = EncodingRegistry::builtin();
    RunControl control;
    const auto refused = [&](auto change) {
        KernelBenchOptions options = smallOptions();
        change(options);
        const auto result = benchKernels(encodings, options, control);
        return !result && result.error().code == ErrorCode::Usage;
    };
    QVERIFY(refused([](KernelBenchOptions& o) { o.rows = 24; }));
    QVERIFY(refused([](KernelBenchOptions& o) { o.cols = 128; }));
    QVERIFY(refused([](KernelBenchOptions& o) { o.rows = o.cols = 1 << 20; }));
    QVERIFY(refused([](KernelBenchOptions& o) { o.batch = -1; }));
    QVERIFY(refused([](KernelBenchOptions& o) { o.batch = 1; }));
    QVERIFY(refused([](KernelBenchOptions& o) { o.threads = 0; }));
    QVERIFY(refused([](KernelBenchOptions& o) { o.repetitions = 0; }));
    QVERIFY(refused([](KernelBenchOptions& o) { o.only = "[a"; }));
    struct Cancelled : RunControl {
        bool isCancelled() const noexcept override { return true; }
    } cancelled;
    const auto stopped = benchKernels(encodings, smallOptions(), cancelled);
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestKernelBench)
#include "tst_kernelbench.moc"
