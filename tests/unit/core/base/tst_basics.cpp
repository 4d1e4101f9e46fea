// Result, Error, Sha256, Rng, AlignedBuffer, checked sizes and the description of the machine.
#include "core/base/alignedbuffer.h"
#include "core/base/machine.h"
#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/base/sha256.h"
#include "core/tensor/shape.h"
#include "tests/support/testdata.h"

#include <QCryptographicHash>
#include <QObject>

#include <memory>
#include <numeric>

using namespace trilobit;
using namespace trilobit::test;

namespace {

Result<int> half(int value) {
    if (value % 2 != 0)
        return fail(ErrorCode::Usage, "odd");
    return value / 2;
}

Result<int> quarter(int value) {
    TRILOBIT_TRY(const int once, half(value));
    TRILOBIT_TRY(const int twice, half(once));
    return twice;
}

Result<void> mustBeEven(int value) {
    TRILOBIT_CHECK(half(value));
    return {};
}

} // namespace

class TestBasics : public QObject {
    Q_OBJECT
private slots:
    void resultCarriesValuesAndErrors() {
        QCOMPARE(*quarter(12), 3);
        QVERIFY(!quarter(6));
        QCOMPARE(quarter(6).error().message, std::string("odd"));
        QVERIFY(mustBeEven(4).has_value());
        QCOMPARE(mustBeEven(5).error().code, ErrorCode::Usage);
        Result<std::unique_ptr<int>> pointer(std::make_unique<int>(4));
        const std::unique_ptr<int> moved = *std::move(pointer);
        QCOMPARE(*moved, 4);
    }

    void errorTextIsOneLine() {
        Error error{ErrorCode::Format, "expected 3", "/a/b.gguf", "tensor\nname", 17};
        QCOMPARE(error.text(), std::string("/a/b.gguf: tensor?name at byte 17: expected 3"));
        QCOMPARE((Error{ErrorCode::Io, "cannot"}.text()), std::string("cannot"));
        QCOMPARE((Error{ErrorCode::Io, "bad", {}, {}, 4}.text()), std::string("at byte 4: bad"));
        QCOMPARE(std::string(errorCodeName(ErrorCode::OutOfMemory)), std::string("out-of-memory"));
    }

    void sha256KnownVectors() {
        QCOMPARE(sha256Hex(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256Hex("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
        QCOMPARE(sha256Hex(std::string(1'000'000, 'a')),
                 std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    }

    void sha256InPieces() {
        Rng rng(8);
        std::string text;
        for (int i = 0; i < 5000; ++i)
            text += static_cast<char>(rng.next());
        Sha256 hash;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t length = std::min<std::size_t>(rng.below(200), text.size() - at);
            if (rng.below(2))
                hash.add(std::string_view(text).substr(at, length));
            else
                hash.add(std::as_bytes(std::span(text).subspan(at, length)));
            at += length;
        }
        const auto expected = QCryptographicHash::hash(QByteArray::fromStdString(text), QCryptographicHash::Sha256);
        QCOMPARE(hash.finish(), expected.toHex().toStdString());
    }

    void rngIsSplitMix64() {
        // First outputs for seed 1234567, as published with the algorithm.
        Rng rng(1234567);
        for (const std::uint64_t expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                             4593380528125082431u, 16408922859458223821u})
            QCOMPARE(rng.next(), expected);
    }

    void rngDistributions() {
        Rng rng(42);
        constexpr int kCount = 200'000;
        double sum = 0, squares = 0, uniform = 0;
        int counts[7] = {};
        for (int i = 0; i < kCount; ++i) {
            const double n = rng.normal(), u = rng.uniform();
            QVERIFY(std::isfinite(n) && u >= 0 && u < 1);
            sum += n;
            squares += n * n;
            uniform += u;
            ++counts[rng.below(7)];
        }
        // Five standard deviations of each estimate.
        QVERIFY(std::fabs(sum / kCount) < 5 / std::sqrt(kCount));
        QVERIFY(std::fabs(squares / kCount - 1) < 5 * std::sqrt(2.0 / kCount));
        QVERIFY(std::fabs(uniform / kCount - 0.5) < 5 * std::sqrt(1.0 / 12 / kCount));
        for (const int count : counts)
            QVERIFY(std::fabs(count - kCount / 7.0) < 5 * std::sqrt(kCount * 6.0 / 49));
        QCOMPARE(Rng(1).below(1), std::uint64_t{0});
    }

    void alignedBuffer() {
        for (const std::size_t count : {1, 3, 64, 1000}) {
            AlignedBuffer<float> buffer(count);
            QCOMPARE(buffer.size(), count);
            QCOMPARE(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, std::uintptr_t{0});
            std::iota(buffer.begin(), buffer.end(), 0.0f);
            const AlignedBuffer<float> moved(std::move(buffer));
            QCOMPARE(moved[count - 1], static_cast<float>(count - 1));
            QVERIFY(buffer.empty()); // NOLINT: a moved-from buffer is empty
        }
        QVERIFY(AlignedBuffer<int>(0).empty());
        QVERIFY_THROWS_EXCEPTION(std::bad_alloc, AlignedBuffer<double>(std::numeric_limits<std::size_t>::max() / 4));
    }

    void checkedSizes() {
        constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
        QCOMPARE(checkedMul(1u << 31, 2), std::optional<std::uint64_t>(1ull << 32));
        QVERIFY(!checkedMul(1ull << 32, 1ull << 32) && !checkedMul(kMax, 2));
        QCOMPARE(checkedMul(kMax, 1), std::optional<std::uint64_t>(kMax));
        QVERIFY(!checkedAdd(kMax, 1));
        QCOMPARE(checkedAlignUp(33, 32), std::optional<std::uint64_t>(64));
        QCOMPARE(checkedAlignUp(64, 32), std::optional<std::uint64_t>(64));
        QCOMPARE(checkedAlignUp(0, 32), std::optional<std::uint64_t>(0));
        QVERIFY(!checkedAlignUp(kMax - 3, 32));
    }

    void machine() {
        const Machine machine = describeMachine();
        QVERIFY(machine.logicalCpus >= 1);
        QVERIFY(machine.memoryBytes > (64u << 20));
        QVERIFY(!machine.cpuModel.empty() && !machine.system.empty() && !machine.compiler.empty());
        QVERIFY(defaultThreads() >= 1);
        const std::uint64_t before = residentBytes();
        QVERIFY(before > (1u << 20));
        std::vector<char> touched(64u << 20, 1);
        QVERIFY(residentBytes() >= before + (48u << 20));
        QCOMPARE(touched.back(), char{1});
    }
};

QTEST_GUILESS_MAIN(TestBasics)
#include "tst_basics.moc"
