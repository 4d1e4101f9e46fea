// WrapLabel and QuietLabel: text that changes often without making the whole window compute its layout anew.
#pragma once

#include <QLabel>

#include <map>

namespace trilobit {

/// A label that wraps lines and remembers how high it is at a width. A plain QLabel breaks its text into lines many times
/// over whenever a layout asks, which takes longer than everything else that a changed selection causes.
class WrapLabel : public QLabel {
    Q_OBJECT
public:
    explicit WrapLabel(QWidget* parent = nullptr);
    void setText(const QString& text); ///< hides QLabel's; does nothing when the text is the same

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;

private:
    mutable std::map<int, int> m_heights; ///< by width; layouts try a few widths, each several times
};

/// One line of a fixed size, shortened at its end when it does not fit; the tooltip has all of it.
class QuietLabel : public QWidget {
    Q_OBJECT
    Q_PROPERTY(QString text READ text WRITE setText)
public:
    explicit QuietLabel(QWidget* parent = nullptr);
    QString text() const { return m_text; }
    void setText(const QString& text);
    void setAlignment(Qt::Alignment alignment);
    void setMuted(bool muted);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
    bool m_muted = false;
};

} // namespace trilobit
