package miroir.server.console;

import java.text.NumberFormat;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import miroir.server.load.LoadRange;
import miroir.server.load.LoadSlot;
import miroir.server.load.LoadTally;
import miroir.server.load.Share;

/** Draws and tables what was asked for, in somebody's language. */
final class LoadCharts {
    private static final double MEGABYTE = 1 << 20;
    private static final int MOST_BARS = 12;
    private static final int BAR = 22;
    private static final int LONGEST_BAR = 330;
    private static final double HUNDRED = 100;
    private static final double TEN = 10;

    private final View view;
    private final LoadShown shown;

    /** A page has some hundred numbers and times, and may be made for many who listen. */
    private final NumberFormat numbers;

    private final Map<String, DateTimeFormatter> patterns = new HashMap<>();

    /** One line. */
    private record Series(String name, ToDoubleFunction<LoadSlot> value) {}

    private LoadCharts(View view, LoadShown shown) {
        this.view = view;
        this.shown = shown;
        this.numbers = NumberFormat.getNumberInstance(view.language().locale());
    }

    /** Those over time; none where nothing was counted yet. */
    static List<LineChart> lines(View view, LoadShown shown) {
        return shown.slots().isEmpty() ? List.of() : new LoadCharts(view, shown).lines();
    }

    /** Those by what was asked for; none where nothing was. */
    static List<BarChart> bars(View view, LoadShown shown) {
        return shown.slots().isEmpty() ? List.of() : new LoadCharts(view, shown).bars();
    }

    private List<LineChart> lines() {
        return List.of(
                line(
                        "requests",
                        view.say("load.requests"),
                        0,
                        new Series(
                                view.say("load.perSecond"),
                                slot -> slot.perSecond(slot.tally().all().requests()))),
                line(
                        "latency",
                        view.say("load.latency"),
                        0,
                        percentile("load.half", 0.5),
                        percentile("load.most", 0.95),
                        percentile("load.nearlyAll", 0.99)),
                line(
                        "errors",
                        view.say("load.errors"),
                        0,
                        new Series(
                                view.say("load.refused"),
                                slot -> slot.perSecond(slot.tally().all().clientErrors())),
                        new Series(
                                view.say("load.failed"),
                                slot -> slot.perSecond(slot.tally().all().serverErrors()))),
                line(
                        "database",
                        view.say("load.database"),
                        0,
                        ofDatabase("load.half", 0.5),
                        ofDatabase("load.most", 0.95)),
                line(
                        "heap",
                        view.say("load.heap"),
                        shown.mostHeap() / MEGABYTE,
                        new Series(view.say("load.used"), slot -> slot.heap() / MEGABYTE)));
    }

    private Series percentile(String key, double part) {
        return new Series(view.say(key), slot -> slot.tally().times().percentile(part));
    }

    private Series ofDatabase(String key, double part) {
        return new Series(view.say(key), slot -> slot.tally().database().percentile(part));
    }

    private LineChart line(String id, String title, double atLeast, Series... series) {
        double largest = Stream.of(series)
                .flatMap(each -> shown.slots().stream().map(each.value()::applyAsDouble))
                .filter(value -> !value.isNaN())
                .reduce(atLeast, Math::max);
        DrawLines draw = new DrawLines(shown.until().minus(shown.range().length()), shown.until(), largest);
        List<LineChart.Line> lines = new ArrayList<>();
        List<String> heads = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (Series each : series) {
            lines.add(new LineChart.Line("line" + lines.size(), each.name(), draw.path(points(each))));
            heads.add(each.name());
            said.add(summary(each));
        }
        return new LineChart(
                id,
                title,
                title + ". " + String.join("; ", said),
                lines,
                draw.levels(this::number),
                draw.times(this::shortly),
                new ChartTable(view.say("load.time"), heads, rows(series)));
    }

    private List<DrawLines.Point> points(Series series) {
        return shown.slots().stream()
                .map(slot -> new DrawLines.Point(slot.middle(), series.value().applyAsDouble(slot)))
                .toList();
    }

    /** The last value and the largest one. */
    private String summary(Series series) {
        double[] values = shown.slots().stream()
                .mapToDouble(series.value())
                .filter(value -> !Double.isNaN(value))
                .toArray();
        double last = values.length == 0 ? Double.NaN : values[values.length - 1];
        double largest = Arrays.stream(values).max().orElse(Double.NaN);
        return view.say("load.summary", series.name(), number(last), number(largest));
    }

    /** The newest first. */
    private List<ChartTable.Row> rows(Series... series) {
        List<ChartTable.Row> rows = new ArrayList<>();
        for (int i = shown.slots().size() - 1; i >= 0; i--) {
            LoadSlot slot = shown.slots().get(i);
            rows.add(new ChartTable.Row(
                    exactly(slot.from()),
                    Stream.of(series)
                            .map(each -> number(each.value().applyAsDouble(slot)))
                            .toList()));
        }
        return rows;
    }

    private List<BarChart> bars() {
        LoadTally all = shown.slots().stream()
                .map(LoadSlot::tally)
                .reduce(LoadTally::and)
                .orElseThrow();
        double seconds = shown.slots().stream()
                .mapToDouble(slot -> 1 / slot.perSecond(1))
                .sum();
        return List.of(
                bar(
                        "interactions",
                        view.say("load.byInteraction"),
                        view.say("load.interaction"),
                        all.byInteraction(),
                        seconds),
                bar("types", view.say("load.byType"), view.say("load.type"), all.byType(), seconds));
    }

    private BarChart bar(String id, String title, String of, Map<String, Share> shares, double seconds) {
        List<Map.Entry<String, Share>> ordered = shares.entrySet().stream()
                .sorted(Map.Entry.<String, Share>comparingByValue(Comparator.comparingLong(Share::requests))
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        long largest = ordered.isEmpty() ? 1 : ordered.get(0).getValue().requests();
        List<BarChart.Bar> bars = new ArrayList<>();
        for (Map.Entry<String, Share> each : ordered.subList(0, Math.min(MOST_BARS, ordered.size()))) {
            long requests = each.getValue().requests();
            int length = (int) Math.max(1, Math.round((double) LONGEST_BAR * requests / largest));
            bars.add(new BarChart.Bar(BAR * bars.size(), length, name(each.getKey()), view.number(requests)));
        }
        return new BarChart(
                id,
                title,
                title + ". "
                        + String.join(
                                "; ",
                                bars.stream()
                                        .limit(3)
                                        .map(each -> each.name() + ": " + each.value())
                                        .toList()),
                BAR * Math.max(1, bars.size()),
                bars,
                new ChartTable(
                        of,
                        List.of(
                                view.say("load.count"),
                                view.say("load.perSecond"),
                                view.say("load.mean"),
                                view.say("load.refusedCount"),
                                view.say("load.failedCount")),
                        ordered.stream()
                                .map(each -> row(name(each.getKey()), each.getValue(), seconds))
                                .toList()));
    }

    private String name(String key) {
        return key.isEmpty() ? view.say("load.noType") : key;
    }

    private ChartTable.Row row(String name, Share share, double seconds) {
        return new ChartTable.Row(
                name,
                List.of(
                        view.number(share.requests()),
                        number(share.requests() / Math.max(1, seconds)),
                        number(share.mean()),
                        view.number(share.clientErrors()),
                        view.number(share.serverErrors())));
    }

    /** As many digits as say something; a dash where there is no number. */
    private String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        numbers.setMaximumFractionDigits(value >= HUNDRED ? 0 : value >= TEN ? 1 : 2);
        return numbers.format(value);
    }

    private String shortly(Instant at) {
        return at(at, shown.range() == LoadRange.WEEK ? "dd/MM HH:mm" : "HH:mm");
    }

    private String exactly(Instant at) {
        return switch (shown.range()) {
            case TEN_MINUTES -> at(at, "HH:mm:ss");
            case HOUR -> at(at, "HH:mm");
            case DAY, WEEK -> view.when(at);
        };
    }

    private String at(Instant at, String pattern) {
        return patterns.computeIfAbsent(pattern, this::formatter).format(at);
    }

    private DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, view.language().locale()).withZone(view.zone());
    }
}
