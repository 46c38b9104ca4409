package miroir.server.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/**
 * Places values over time on a drawing of 640 by 190. The highest level is the next of 1, 2, 4, 8, 10, 20, … that nothing exceeds, so that levels have round names and a chart does not jump
 * whenever the highest value does. A value that is none leaves a gap; one between two gaps is a dot.
 */
final class DrawLines {
    static final int WIDTH = 640;
    static final int HEIGHT = 190;

    private static final int LEFT = 62;
    private static final int RIGHT = 14;
    private static final int TOP = 12;
    private static final int BOTTOM = 26;
    private static final int LEVELS = 4;
    private static final int TIMES = 4;
    private static final double[] ROUND = {1, 2, 4, 8, 10};

    private final Instant from;
    private final double millis;
    private final double highest;

    /** A value at a time. */
    record Point(Instant at, double value) {}

    DrawLines(Instant from, Instant to, double largest) {
        this.from = from;
        this.millis = Math.max(1, Duration.between(from, to).toMillis());
        this.highest = roundAbove(largest);
    }

    /** The least round number that is not exceeded. */
    static double roundAbove(double largest) {
        if (!(largest > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(largest)));
        for (double each : ROUND) {
            if (each * power >= largest) {
                return each * power;
            }
        }
        return ROUND[0] * 10 * power;
    }

    /** A level stretch is one line, however many values it has: it is sent to all who look, again and again. */
    String path(List<Point> points) {
        StringBuilder path = new StringBuilder();
        boolean isOpen = false;
        int begun = 0;
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            if (Double.isNaN(point.value())) {
                end(path, begun);
                isOpen = false;
                begun = 0;
            } else if (!isWithinLevel(points, i)) {
                path.append(isOpen ? 'L' : 'M')
                        .append(place(x(point.at())))
                        .append(' ')
                        .append(place(y(point.value())));
                isOpen = true;
                begun++;
            }
        }
        end(path, begun);
        return path.toString();
    }

    private boolean isWithinLevel(List<Point> points, int i) {
        return i > 0
                && i + 1 < points.size()
                && place(y(points.get(i - 1).value()))
                        .equals(place(y(points.get(i).value())))
                && place(y(points.get(i + 1).value()))
                        .equals(place(y(points.get(i).value())));
    }

    private static void end(StringBuilder path, int points) {
        if (points == 1) {
            path.append("h0");
        }
    }

    private double x(Instant at) {
        double part = Duration.between(from, at).toMillis() / millis;
        return LEFT + Math.max(0, Math.min(1, part)) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - value / highest * (HEIGHT - TOP - BOTTOM);
    }

    private static String place(double place) {
        return Double.toString(Math.rint(place * 10) / 10);
    }

    /** Where the levels are, and how they are called. */
    List<LineChart.Mark> levels(DoubleFunction<String> name) {
        List<LineChart.Mark> levels = new ArrayList<>();
        for (int i = 0; i <= LEVELS; i++) {
            double value = highest * i / LEVELS;
            levels.add(new LineChart.Mark((int) Math.round(y(value)), name.apply(value)));
        }
        return levels;
    }

    /** Some times between the first and the last one. */
    List<LineChart.Mark> times(Function<Instant, String> name) {
        List<LineChart.Mark> times = new ArrayList<>();
        for (int i = 0; i <= TIMES; i++) {
            Instant at = from.plusMillis(Math.round(millis * i / TIMES));
            times.add(new LineChart.Mark((int) Math.round(x(at)), name.apply(at)));
        }
        return times;
    }
}
