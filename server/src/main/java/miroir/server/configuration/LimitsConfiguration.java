package miroir.server.configuration;

import java.time.Duration;
import java.util.List;
import miroir.index.yaml.YamlNode;
import miroir.server.access.Consumer;

/**
 * How much one client can take.
 *
 * @param body the largest body, before and after it is unpacked
 * @param bundle the same of a batch or a transaction, whose resources are each as large as a body at most
 * @param form the largest form of a search by POST: twice what a query may have, since half of its characters may need escapes
 * @param depth how deep objects and arrays may nest
 * @param entries of a batch or a transaction
 * @param batch how long a batch may take; what of it is not begun by then is not done
 * @param searches how many searches and histories are with the database at once
 * @param consumerRate how often a consumer may ask in a second, where it has no quota of its own; 0: as often as it likes
 * @param addressRate the same of an address, for who has no valid token
 * @param headers all headers and the URL of a request together
 * @param connections that are open at the same time; others wait to be accepted
 * @param threads requests that are worked on at the same time, where the JVM has no virtual threads
 * @param virtualThreads whether requests are worked on in virtual threads where the JVM has them
 * @param idle how long a connection may be silent
 * @param requestRate how slowly, in bytes per second, a body may come in once {@code idle} has passed
 * @param answerRate how slowly, in bytes per second, a client may take an answer once {@code idle} has passed
 * @param drain how long requests are still taken when the server is to stop and has said so
 * @param stop how long requests may take to finish when the server stops
 */
public record LimitsConfiguration(
        int body,
        int bundle,
        int form,
        int depth,
        int entries,
        Duration batch,
        int searches,
        int consumerRate,
        int addressRate,
        int headers,
        int connections,
        int threads,
        boolean virtualThreads,
        Duration idle,
        int requestRate,
        int answerRate,
        Duration drain,
        Duration stop) {
    private static final String OFF = "off";
    private static final long LARGEST_USUAL_BUNDLE = 16 << 20;
    private static final int THREADS_OF_CONTAINERS = 200;
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    static final List<String> KEYS = List.of(
            "body",
            "bundle",
            "form",
            "depth",
            "entries",
            "batch",
            "searches",
            "consumerRate",
            "addressRate",
            "headers",
            "connections",
            "threads",
            "virtualThreads",
            "idle",
            "requestRate",
            "answerRate",
            "drain",
            "stop");

    static LimitsConfiguration read(ConfigurationFile file) {
        Section section = file.section("limits", KEYS);
        int body = section.size("body", "4MB");
        return new LimitsConfiguration(
                body,
                section.sizeUnless("bundle", "auto").orElse(Math.max(body, usualBundle())),
                section.size("form", "128kB"),
                section.integer("depth", 90, 10, 90),
                section.integer("entries", 1_000, 1, 100_000),
                section.duration("batch", "60s"),
                section.unless("searches", "auto", node -> node.integer(1, 10_000))
                        .orElseGet(LimitsConfiguration::usualSearches),
                section.unless("consumerRate", OFF, LimitsConfiguration::rate).orElse(0),
                section.unless("addressRate", OFF, LimitsConfiguration::rate, "200")
                        .orElse(0),
                section.size("headers", "16kB"),
                section.integer("connections", 5_000, 1, 1_000_000),
                section.integer("threads", 512, 8, 10_000),
                section.bool("virtualThreads", true),
                section.duration("idle", "30s"),
                section.size("requestRate", "8kB"),
                section.size("answerRate", "8kB"),
                section.duration("drain", "0s"),
                section.duration("stop", "8s"));
    }

    private static int rate(YamlNode node) {
        return node.integer(1, Consumer.MOST_PER_SECOND);
    }

    /** As much as leaves room for others in about half of the heap, which is lent, and of which a body holds ten times its size. */
    private static int usualBundle() {
        return (int) Math.min(LARGEST_USUAL_BUNDLE, Runtime.getRuntime().maxMemory() / 32);
    }

    /** As many as keep the processors at work while they wait for the database, and fewer than it gives searches connections. */
    private static int usualSearches() {
        return Math.max(8, Math.min(48, 4 * Runtime.getRuntime().availableProcessors()));
    }

    /** The same where requests have the threads of somebody else, of which it is not known how many there are: as many as Tomcat and Jetty have by themselves. */
    public LimitsConfiguration inContainer() {
        return new LimitsConfiguration(
                body,
                bundle,
                form,
                depth,
                entries,
                batch,
                searches,
                consumerRate,
                addressRate,
                headers,
                connections,
                THREADS_OF_CONTAINERS,
                false,
                idle,
                requestRate,
                answerRate,
                drain,
                stop);
    }

    /** Whether requests are worked on in virtual threads. */
    public boolean hasVirtualThreads() {
        return virtualThreads && Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
    }
}
