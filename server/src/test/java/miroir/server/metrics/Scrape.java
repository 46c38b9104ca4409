package miroir.server.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /metrics} answered.
 *
 * @param families by name, with the labels that they have, those apart that belong to the format
 * @param samples the names of single values, with all their labels
 * @param values by name and labels as they are written
 */
record Scrape(Map<String, Set<String>> families, Map<String, Set<String>> samples, Map<String, Double> values) {
    private static final Pattern SAMPLE = Pattern.compile("([A-Za-z_:][\\w:]*)(\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

    static Scrape of(String text) {
        Scrape scrape = new Scrape(new TreeMap<>(), new TreeMap<>(), new HashMap<>());
        String family = "";
        for (String line : text.lines().toList()) {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                family = type.group(1);
                scrape.families.computeIfAbsent(family, any -> new TreeSet<>());
            } else if (sample.matches()) {
                scrape.add(family, sample);
            } else if (!line.startsWith("# HELP ") && !line.isEmpty()) {
                throw new IllegalArgumentException("not of the format: " + line);
            }
        }
        return scrape;
    }

    private void add(String family, Matcher sample) {
        Set<String> labels = new TreeSet<>();
        if (sample.group(3) != null) {
            LABEL.matcher(sample.group(3)).results().forEach(label -> labels.add(label.group(1)));
        }
        samples.computeIfAbsent(sample.group(1), any -> new TreeSet<>()).addAll(labels);
        labels.remove("le");
        families.computeIfAbsent(family, any -> new TreeSet<>()).addAll(labels);
        String all = sample.group(2) == null ? "" : sample.group(2);
        values.put(sample.group(1) + all, Double.valueOf(sample.group(4)));
    }

    /** The value of what is called so, with labels as they are written. */
    double value(String sample) {
        Double value = values.get(sample);
        if (value == null) {
            throw new AssertionError(sample + " is not there; there are "
                    + values.keySet().stream().sorted().toList());
        }
        return value;
    }
}
