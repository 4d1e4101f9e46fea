// The download dialog against a server on this computer: nothing is asked before the button, what is proposed, what is run.
#include "tests/support/testdata.h"
#include "tests/unit/core/hub/hubserver.h"
#include "tests/unit/widgets/benchfixture.h"
#include "widgets/dialogs/downloaddialog.h"

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTreeWidget>

using namespace trilobit;
using test::BenchFixture;
using test::HubServer;

namespace {

constexpr int kWaitMs = 20'000;

struct Dialog {
    explicit Dialog(BenchFixture& f, const HubServer& server)
        : dialog(*f.bench, QString::fromStdString(server.endpoint()), f.folder.path()), listed(&dialog, &DownloadDialog::listed),
          chosen(&dialog, &DownloadDialog::chosen) {
        connect();
        dialog.show();
    }
    void connect() {
        QObject::connect(&dialog, &DownloadDialog::chosen, &dialog, [this](const Command& c) { command = c; });
    }
    template <class T>
    T* child(const char* name) {
        T* found = dialog.findChild<T*>(QLatin1String(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    bool list(const QString& repository) {
        child<QLineEdit>("downloadRepository")->setText(repository);
        child<QPushButton>("downloadList")->click();
        return listed.wait(kWaitMs);
    }
    QString state() { return child<QLabel>("downloadState")->text(); }
    QPushButton* confirm() { return child<QPushButton>("downloadConfirm"); }

    DownloadDialog dialog;
    QSignalSpy listed, chosen;
    Command command;
};

} // namespace

class TestDownloadDialog : public QObject {
    Q_OBJECT
private slots:
    void asksNobodyByItself() {
        BenchFixture f;
        HubServer server;
        Dialog d(f, server);
        d.child<QLineEdit>("downloadRepository")->setText("org/model");
        QTest::qWait(50);
        QVERIFY(server.requests.isEmpty());
        QVERIFY(!d.confirm()->isEnabled());
        QCOMPARE(d.child<QLineEdit>("downloadFolder")->text(), QDir(f.folder.path()).filePath("model"));
    }

    void proposesAWholeModelAndFetchesIt() {
        BenchFixture f;
        HubServer server;
        server.files = {{"config.json", "{}"}, {"model.safetensors", QByteArray(5000, 'w')}, {"tokenizer.json", "{ }"},
                        {"training_args.bin", QByteArray(70, 'x')}};
        Dialog d(f, server);
        QVERIFY(d.list("org/model"));
        auto* files = d.child<QTreeWidget>("downloadFiles");
        QCOMPARE(files->topLevelItemCount(), 4);
        QStringList ticked;
        for (int i = 0; i < files->topLevelItemCount(); ++i)
            if (files->topLevelItem(i)->checkState(0) == Qt::Checked)
                ticked << files->topLevelItem(i)->text(0);
        QCOMPARE(ticked, QStringList({"config.json", "model.safetensors", "tokenizer.json"}));
        QVERIFY2(d.state().startsWith("3 file"), qPrintable(d.state()));
        d.confirm()->click();
        QCOMPARE(d.chosen.size(), 1);
        QVERIFY(!d.dialog.isVisible());

        // The command does what the dialog said.
        std::optional<Result<Json>> result;
        f.bench->runBeside({"Download", JobLane::Network}, this, {d.command}, {}, [&](Result<Json> r) { result.emplace(std::move(r)); });
        QVERIFY(QTest::qWaitFor([&] { return result.has_value(); }, kWaitMs));
        QVERIFY2(*result, result->has_value() ? "" : result->error().text().c_str());
        const QDir folder(QDir(f.folder.path()).filePath("model"));
        QCOMPARE(test::readBytes(folder.filePath("model.safetensors")), QByteArray(5000, 'w'));
        QVERIFY(!folder.exists("training_args.bin"));
        QVERIFY(f.bench->lastCommandLine().contains("--endpoint"));
    }

    void severalGgufFilesAreAChoice() {
        BenchFixture f;
        HubServer server;
        server.files = {{"a.Q4_0.gguf", QByteArray(40, 'a')}, {"b.Q8_0.gguf", QByteArray(80, 'b')}};
        Dialog d(f, server);
        QVERIFY(d.list("org/model"));
        QVERIFY(!d.confirm()->isEnabled());
        QVERIFY2(d.state().contains("GGUF"), qPrintable(d.state()));
        d.child<QTreeWidget>("downloadFiles")->topLevelItem(1)->setCheckState(0, Qt::Checked);
        QVERIFY(d.confirm()->isEnabled());
        d.confirm()->click();
        QCOMPARE(QString::fromStdString(d.command.args["file"].toString()), QStringLiteral("b.Q8_0.gguf"));
    }

    void refusalsAreSaid() {
        BenchFixture f;
        HubServer server;
        Dialog d(f, server);
        QVERIFY(d.list("org/other"));
        QVERIFY2(d.state().contains("404") || d.state().contains("no such"), qPrintable(d.state()));
        QVERIFY(!d.confirm()->isEnabled());
        QVERIFY(d.list("not a name at all"));
        QVERIFY(!d.state().isEmpty());
        // Another name than the one whose files are shown needs a list of its own.
        server.files = {{"a.gguf", QByteArray(40, 'a')}};
        QVERIFY(d.list("org/model"));
        QVERIFY(d.confirm()->isEnabled());
        d.child<QLineEdit>("downloadRepository")->setText("org/model2");
        QVERIFY(!d.confirm()->isEnabled());
    }

    void theTokenStaysInItsFile() {
        BenchFixture f;
        HubServer server;
        server.wantedToken = "secret";
        server.files = {{"a.gguf", QByteArray(40, 'a')}};
        QFile token(f.folder.filePath("token"));
        QVERIFY(token.open(QIODevice::WriteOnly) && token.write("secret\n") > 0);
        token.close();
        Dialog d(f, server);
        QVERIFY(d.list("org/model"));
        QVERIFY(!d.confirm()->isEnabled());
        d.child<QLineEdit>("downloadToken")->setText(token.fileName());
        QVERIFY(d.list("org/model"));
        QVERIFY2(d.confirm()->isEnabled(), qPrintable(d.state()));
        d.confirm()->click();
        QVERIFY(!QString::fromStdString(d.command.toJson().dump()).contains("secret"));
    }
};

QTEST_MAIN(TestDownloadDialog)
#include "tst_downloaddialog.moc"
