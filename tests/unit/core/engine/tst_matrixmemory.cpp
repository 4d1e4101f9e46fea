#include "core/engine/matrixmemory.h"

#include <QtTest>

#include <cstring>
#include <utility>

using namespace trilobit;

class TestMatrixMemory : public QObject {
    Q_OBJECT

private slots:
    /// Side by side, aligned, without overlap.
    void neighbours() {
        MatrixMemory memory;
        const MatrixBytes a = memory.take(100), b = memory.take(64), c = memory.take(1);
        QCOMPARE(a.size(), 100u);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(a.data()) % 64, 0u);
        QCOMPARE(b.data() - a.data(), 128);
        QCOMPARE(c.data() - b.data(), 64);
    }

    /// What was given back is what the next one gets.
    void givenBack() {
        MatrixMemory memory;
        const MatrixBytes first = memory.take(1000);
        MatrixBytes second = memory.take(5000);
        const std::uint8_t* at = second.data();
        memory.giveBack(std::move(second));
        QCOMPARE(memory.take(70).data(), at);
    }

    /// Large ones have blocks of their own, so giving one back leaves the shared block as it is.
    void largeOnes() {
        constexpr std::size_t kLarge = std::size_t{40} << 20;
        MatrixMemory memory;
        const MatrixBytes first = memory.take(1000);
        MatrixBytes large = memory.take(kLarge);
        QCOMPARE(large.size(), kLarge);
        large.data()[kLarge - 1] = 7;
        memory.giveBack(std::move(large));
        QCOMPARE(memory.take(64).data() - first.data(), 1024);
    }

    /// Bytes outlive the memory they came from.
    void bytesKeepTheirBlock() {
        MatrixBytes kept;
        {
            MatrixMemory memory;
            kept = memory.take(4096);
            std::memset(kept.data(), 5, kept.size());
        }
        QCOMPARE(kept.data()[4095], std::uint8_t{5});
    }
};

QTEST_GUILESS_MAIN(TestMatrixMemory)
#include "tst_matrixmemory.moc"
