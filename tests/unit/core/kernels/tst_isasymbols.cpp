// Files compiled for one instruction set must not leave symbols that the linker could give to other code.
#include <QtTest>

#include <QProcess>

class TestIsaSymbols : public QObject {
    Q_OBJECT
private slots:
    void noWeakSymbols();
};

void TestIsaSymbols::noWeakSymbols() {
#if defined(TRILOBIT_SANITIZED)
    QSKIP("sanitizers add symbols of their own");
#endif
    QProcess nm;
    nm.start(QStringLiteral(TRILOBIT_NM), {QStringLiteral("-A"), QStringLiteral("-C"), QStringLiteral(TRILOBIT_KERNELS_LIBRARY)});
    if (!nm.waitForStarted())
        QSKIP("nm is not installed");
    QVERIFY(nm.waitForFinished());
    QCOMPARE(nm.exitCode(), 0);
    int isaSymbols = 0;
    for (const QByteArray& line : nm.readAllStandardOutput().split('\n')) {
        // library.a:floatproduct_avx2.cpp.o:0000000000000000 T name
        const QList<QByteArray> parts = line.split(':');
        const auto named = [&](const char* part) { return parts.size() >= 3 && parts[1].contains(part); };
        if (!named("_avx") && !named("_neon") && !named("_dotprod"))
            continue;
        const QByteArray kind = parts[2].mid(16).trimmed().left(1);
        QVERIFY2(!QByteArray("VvWwu").contains(kind), line.constData());
        if (kind == "T") {
            ++isaSymbols;
            QVERIFY2(line.contains("trilobit::kernels::avx") || line.contains("trilobit::kernels::neon"), line.constData());
        }
    }
#if defined(__x86_64__) || defined(__aarch64__)
    QVERIFY(isaSymbols >= 7);
#endif
}

QTEST_GUILESS_MAIN(TestIsaSymbols)
#include "tst_isasymbols.moc"
