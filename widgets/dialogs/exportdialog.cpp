#include "widgets/dialogs/exportdialog.h"

#include "core/model/modelwriter.h"
#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStorageInfo>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace trilobit {

namespace {

/// "smollm2-135m-instruct" + the encodings of most bytes: "smollm2-135m-instruct-tq2_0.gguf".
QString suggestedName(const Workbench& bench) {
    const QFileInfo source(qtext(bench.model()->path()));
    QString stem = source.isDir() ? source.fileName() : source.completeBaseName();
    if (stem.isEmpty())
        stem = QStringLiteral("model");
    if (!bench.quantized())
        return stem + QStringLiteral("-export.gguf");
    std::map<QString, std::uint64_t> bytes;
    for (const TensorReport& report : bench.quantized()->tensors)
        if (!report.method.empty())
            bytes[qtext(report.applied).toLower()] += report.bytesBefore;
    const auto most = std::max_element(bytes.begin(), bytes.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return stem + QLatin1Char('-') + (most == bytes.end() ? QStringLiteral("kept") : most->first)
           + QStringLiteral(".gguf");
}

} // namespace

ExportDialog::ExportDialog(Workbench& workbench, const QString& folder, QWidget* parent)
    : QDialog(parent), m_bench(workbench), m_path(new QLineEdit(this)), m_warning(new QLabel(this)) {
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export as GGUF"));
    m_path->setObjectName(QStringLiteral("exportPath"));
    m_path->setAccessibleName(tr("File to write"));
    m_path->setText(QDir(folder).filePath(suggestedName(workbench)));
    m_warning->setObjectName(QStringLiteral("exportWarning"));
    m_warning->setWordWrap(true);
    m_warning->setMinimumHeight(fontMetrics().lineSpacing() * 2);
    auto* browse = new QPushButton(tr("Browse…"), this);
    browse->setObjectName(QStringLiteral("exportBrowse"));
    auto* facts = new QLabel(factsText(), this);
    facts->setObjectName(QStringLiteral("exportFacts"));
    facts->setTextFormat(Qt::RichText);
    facts->setWordWrap(true);
    facts->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    m_export = buttons->button(QDialogButtonBox::Save);
    m_export->setObjectName(QStringLiteral("exportConfirm"));
    m_export->setText(tr("Export"));
    makePrimary(m_export);
    auto* row = new QHBoxLayout;
    row->addWidget(m_path, 1);
    row->addWidget(browse);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(facts);
    layout->addLayout(row);
    layout->addWidget(m_warning);
    layout->addStretch(1);
    layout->addWidget(buttons);
    setMinimumWidth(560);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(m_path, &QLineEdit::textChanged, this, &ExportDialog::refresh);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_bench, &Workbench::modelChanged, this, &QDialog::reject);
    refresh();
}

QString ExportDialog::path() const {
    const QString text = m_path->text().trimmed();
    return text.isEmpty() || text.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive) ? text
                                                                                         : text + QStringLiteral(".gguf");
}

QString ExportDialog::factsText() const {
    const auto quantized = m_bench.quantized();
    const std::shared_ptr<const Model> model = quantized ? quantized->model : m_bench.model();
    const ThemeColors colors = themeColors(palette());
    QString text = quantized ? tr("<p><b>The quantized model</b>, %1, %2 bits per weight.</p>")
                                   .arg(bytesText(model->tensorBytes()), bitsText(model->bitsPerWeight()))
                             : tr("<p><b>The opened model as it is</b> (nothing was quantized yet), %1.</p>")
                                   .arg(bytesText(model->tensorBytes()));
    if (quantized && !m_bench.quantizedIsCurrent())
        text += tr("<p><font color=\"%1\">The recipe was changed after quantizing. What is written is the last quantized "
                   "model, not the new recipe; quantize again to write that.</font></p>")
                    .arg(colors.warn.name());
    const std::vector<std::string> obstacles = stockLlamaCppObstacles(*model);
    if (obstacles.empty()) {
        text += tr("<p><font color=\"%1\">Runs in stock llama.cpp.</font></p>").arg(colors.good.name());
    } else {
        text += tr("<p><font color=\"%1\">Stock llama.cpp will not run this file:</font></p><ul>").arg(colors.warn.name());
        for (const std::string& obstacle : obstacles)
            text += QStringLiteral("<li>%1</li>").arg(qtext(obstacle).toHtmlEscaped());
        text += tr("</ul><p>Trilobit itself opens and runs it.</p>");
    }
    return text;
}

void ExportDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Export as GGUF"), path(), tr("GGUF models (*.gguf)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("gguf"));
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // said in this dialog
    connect(dialog, &QFileDialog::fileSelected, m_path, &QLineEdit::setText);
    dialog->open();
}

void ExportDialog::refresh() {
    const QFileInfo file(path());
    const ThemeColors colors = themeColors(palette());
    QString text;
    bool possible = true;
    const auto quantized = m_bench.quantized();
    const std::uint64_t bytes = (quantized ? quantized->model : m_bench.model())->tensorBytes();
    if (path().isEmpty() || file.isDir()) {
        text = tr("Give the file a name.");
        possible = false;
    } else if (!file.absoluteDir().exists()) {
        text = tr("The folder %1 does not exist.").arg(file.absolutePath());
        possible = false;
    } else if (file.exists() && m_bench.model()
               && file.canonicalFilePath() == QFileInfo(qtext(m_bench.model()->path())).canonicalFilePath()) {
        text = tr("This is the model that is open; choose another name.");
        possible = false;
    } else if (const QStorageInfo disk(file.absolutePath());
               disk.isValid() && static_cast<std::uint64_t>(std::max<qint64>(0, disk.bytesAvailable())) < bytes) {
        text = tr("The disk has %1 free; about %2 are needed.")
                   .arg(bytesText(static_cast<std::uint64_t>(std::max<qint64>(0, disk.bytesAvailable()))), bytesText(bytes));
        possible = false;
    } else if (file.exists()) {
        text = tr("A file of this name exists and will be replaced once the new one is complete.");
    }
    m_warning->setText(QStringLiteral("<font color=\"%1\">%2</font>")
                           .arg((possible ? colors.warn : colors.bad).name(), text.toHtmlEscaped()));
    m_export->setEnabled(possible);
}

void ExportDialog::accept() {
    emit chosen(path());
    QDialog::accept();
}

} // namespace trilobit
