// LogTicker: ticks of a logarithmic axis that still has labels when it shows less than a decade.
#pragma once

#include <qcustomplot.h>

#include <cmath>

namespace trilobit {

/// Powers of ten; with 2 and 5 between them where there are few, and round steps within a decade.
class LogTicker : public QCPAxisTickerLog {
protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override {
        const double decades = range.lower > 0 ? std::log10(range.upper / range.lower) : 0;
        if (decades > 2.5)
            return QCPAxisTickerLog::createTickVector(tickStep, range);
        if (decades < 0.8)
            return QCPAxisTicker::createTickVector(QCPAxisTicker::getTickStep(range), range);
        QVector<double> ticks;
        for (double power = std::pow(10, std::floor(std::log10(range.lower))); power <= range.upper; power *= 10)
            for (const double mantissa : {1.0, 2.0, 5.0})
                ticks << mantissa * power;
        return ticks;
    }
};

} // namespace trilobit
