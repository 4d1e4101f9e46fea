// weightAt(): the bits that an encoding names are those that its decoder reads, no more and no less.
#include "tests/unit/core/encodings/encodingfixture.h"

#include "core/encodings/affine/affine.h"
#include "core/encodings/hfbitnet/hfbitnet.h"
#include "core/encodings/storedweight.h"

#include <QObject>

#include <cmath>
#include <map>
#include <set>

using namespace trilobit;
using namespace trilobit::test;

namespace {

constexpr std::int64_t kRows = 4;

std::vector<std::byte> randomBytes(std::size_t count, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<std::byte> out(count);
    for (std::byte& byte : out)
        byte = static_cast<std::byte>(rng.below(256));
    return out;
}

std::uint32_t bitsOf(float value) { return std::isnan(value) ? 0x7FC00000u : std::bit_cast<std::uint32_t>(value); }

float decodedAt(const Encoding& encoding, std::span<const std::byte> bytes, std::int64_t cols, std::int64_t row,
                std::int64_t col) {
    std::vector<float> out(static_cast<std::size_t>(cols));
    encoding.decodeRows(bytes, kRows, cols, row, 1, out.data());
    return out[static_cast<std::size_t>(col)];
}

struct Case {
    std::shared_ptr<const Encoding> encoding;
    std::int64_t cols;
};

std::vector<Case> cases() {
    std::vector<Case> out;
    const EncodingRegistry registry = EncodingRegistry::builtin();
    for (const auto& encoding : registry.all())
        out.push_back({encoding, 512});
    out.push_back({makeAffine({100, 3}), 230}); // a short last group, codes across bytes
    out.push_back({makeAffine({7, 5}), 23});
    out.push_back({makeHfBitnet(0.25f), 40});
    return out;
}

class TestStoredWeight : public QObject {
    Q_OBJECT
private slots:
    void describesWhatTheDecoderReads_data() {
        QTest::addColumn<int>("index");
        const std::vector<Case> all = cases();
        for (std::size_t i = 0; i < all.size(); ++i)
            QTest::addRow("%s x%d", all[i].encoding->info().id.c_str(), static_cast<int>(all[i].cols))
                << static_cast<int>(i);
    }

    void describesWhatTheDecoderReads() {
        QFETCH(int, index);
        const auto [encoding, cols] = cases()[static_cast<std::size_t>(index)];
        std::vector<std::byte> bytes = randomBytes(static_cast<std::size_t>(sizeOrFail(*encoding, kRows, cols)),
                                                   17 + static_cast<unsigned>(index));
        Rng rng(5);
        std::map<std::string, bool> fieldMatters;
        for (int trial = 0; trial < 60; ++trial) {
            const auto row = static_cast<std::int64_t>(rng.below(kRows));
            const std::int64_t col =
                trial == 0 ? cols - 1 : static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(cols)));
            const auto weight = weightAt(*encoding, bytes, kRows, cols, row, col);
            QVERIFY2(weight, weight ? "" : weight.error().text().c_str());
            const float before = decodedAt(*encoding, bytes, cols, row, col);
            QCOMPARE(bitsOf(weight->value), bitsOf(before));
            const std::int64_t element = row * cols + col;
            QVERIFY(element >= weight->firstElement && element < weight->firstElement + weight->blockElements);
            QVERIFY(weight->blockByte + weight->blockBytes <= bytes.size());
            QVERIFY(!weight->formula.empty());

            std::set<std::pair<std::uint64_t, int>> named;
            for (const StoredField& field : weight->fields) {
                std::uint64_t raw = 0;
                int at = 0;
                for (const StoredBits& part : field.bits) {
                    QVERIFY(part.byte < bytes.size() && part.low >= 0 && part.count >= 1 && part.low + part.count <= 8);
                    for (int bit = 0; bit < part.count; ++bit, ++at) {
                        const auto value = (std::to_integer<unsigned>(bytes[part.byte]) >> (part.low + bit)) & 1u;
                        raw |= std::uint64_t{value} << at;
                        QVERIFY2(named.emplace(part.byte, part.low + bit).second, "two fields share a bit");
                    }
                }
                QCOMPARE(field.raw, raw);
            }
            // Bits of the block that no field names do not matter, and of each field some bit does.
            for (std::uint64_t byte = weight->blockByte; byte < weight->blockByte + weight->blockBytes; ++byte)
                for (int bit = 0; bit < 8; ++bit)
                    if (!named.contains({byte, bit})) {
                        bytes[byte] ^= static_cast<std::byte>(1 << bit);
                        QCOMPARE(bitsOf(decodedAt(*encoding, bytes, cols, row, col)), bitsOf(before));
                        bytes[byte] ^= static_cast<std::byte>(1 << bit);
                    }
            for (const StoredField& field : weight->fields)
                for (const StoredBits& part : field.bits)
                    for (int bit = part.low; bit < part.low + part.count; ++bit) {
                        bytes[part.byte] ^= static_cast<std::byte>(1 << bit);
                        fieldMatters[field.name] |=
                            bitsOf(decodedAt(*encoding, bytes, cols, row, col)) != bitsOf(before);
                        bytes[part.byte] ^= static_cast<std::byte>(1 << bit);
                    }

            if (weight->scale && weight->level && std::isfinite(before)) {
                const double product = *weight->scale * *weight->level;
                const double expected = weight->zero      ? *weight->scale * (*weight->level - *weight->zero)
                                        : weight->minimum ? product - *weight->minimum
                                                          : product;
                // Each of at most three single-precision steps rounds by half a unit in the last place.
                const double size = std::fabs(product) + std::fabs(weight->minimum.value_or(0))
                                    + std::fabs(*weight->scale * weight->zero.value_or(0));
                QVERIFY2(std::fabs(expected - static_cast<double>(before)) <= 3 * 0x1p-24 * size + 0x1p-149,
                         qPrintable(QString("%1 is not %2").arg(expected).arg(static_cast<double>(before))));
            }
        }
        for (const auto& [name, matters] : fieldMatters)
            QVERIFY2(matters, name.c_str());
    }

    void refusesWhatIsNotThere() {
        const auto encoding = encodingOrFail("Q4_0");
        const std::vector<std::byte> bytes(static_cast<std::size_t>(sizeOrFail(*encoding, 2, 64)));
        for (const auto& [row, col] : {std::pair(-1, 0), std::pair(2, 0), std::pair(0, -1), std::pair(0, 64)}) {
            const auto weight = weightAt(*encoding, bytes, 2, 64, row, col);
            QVERIFY(!weight);
            QCOMPARE(weight.error().code, ErrorCode::Usage);
        }
        QCOMPARE(weightAt(*encoding, std::span(bytes).first(17), 2, 64, 0, 0).error().code, ErrorCode::Internal);
        QCOMPARE(weightAt(*encoding, bytes, 2, 63, 0, 0).error().code, ErrorCode::Unsupported);
    }
};

} // namespace

QTEST_GUILESS_MAIN(TestStoredWeight)
#include "tst_storedweight.moc"
