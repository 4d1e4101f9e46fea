// EnergyMeter against counter files written by hand.
#include "core/base/energy.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace trilobit;

class TestEnergy : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    void put(const char* package, const char* name, qulonglong value) const {
        QDir(m_folder.path()).mkpath(package);
        QFile file(m_folder.filePath(QString("%1/%2").arg(package, name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::number(value) + "\n") < 0)
            qFatal("cannot write");
    }

private slots:
    void packagesAddUp() {
        QVERIFY(!EnergyMeter::open(m_folder.filePath("nothing").toStdString()));
        put("intel-rapl:0:0", "energy_uj", 5); // a part of a package, counted in it already
        put("intel-rapl:0:0", "max_energy_range_uj", 1000);
        QVERIFY(!EnergyMeter::open(m_folder.path().toStdString()));
        for (const char* package : {"intel-rapl:0", "intel-rapl:1"}) {
            put(package, "energy_uj", 900'000);
            put(package, "max_energy_range_uj", 1'000'000);
        }
        auto meter = EnergyMeter::open(m_folder.path().toStdString());
        QVERIFY(meter);
        QCOMPARE(meter->joules(), 0.0);
        put("intel-rapl:0", "energy_uj", 950'000);
        QVERIFY(std::abs(meter->joules() - 0.05) < 1e-12);
        put("intel-rapl:1", "energy_uj", 100'000); // started over
        QVERIFY(std::abs(meter->joules() - 0.25) < 1e-12);
        QFile::remove(m_folder.filePath("intel-rapl:1/energy_uj"));
        QVERIFY(std::abs(meter->joules() - 0.25) < 1e-12);
    }
};

QTEST_GUILESS_MAIN(TestEnergy)
#include "tst_energy.moc"
