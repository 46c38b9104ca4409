package miroir.sync.daemon;

import java.util.LinkedHashMap;
import java.util.Map;

/** Figures as Prometheus reads them, those of one name together. */
final class MetricsText {
    private final Map<String, StringBuilder> families = new LinkedHashMap<>();

    void gauge(String name, String help, String labels, double value) {
        add(name, help, "gauge", labels, value);
    }

    void counter(String name, String help, String labels, double value) {
        add(name, help, "counter", labels, value);
    }

    private void add(String name, String help, String type, String labels, double value) {
        families.computeIfAbsent(
                        name,
                        each -> new StringBuilder(
                                "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n"))
                .append(name)
                .append(labels.isEmpty() ? "" : "{" + labels + "}")
                .append(' ')
                .append(value)
                .append('\n');
    }

    @Override
    public String toString() {
        return String.join("", families.values());
    }
}
