package miroir.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.simulator.Directory;
import miroir.simulator.Kind;

/** What searches are tried on: the sample, one resource of each type that has every element searched by, and a generated directory. */
record SampleOfEverything(DirectoryServer server, long seed, int practitioners) {
    private static final Pattern START = Pattern.compile("\\{\"resourceType\":\"(\\w+)\",\"id\":\"([^\"]+)\"");

    private static final int BATCH = 100;

    void load() throws Exception {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(DirectoryServer.ROOT.resolve("samples/directory"))) {
            for (Path file : files.sorted().toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        try (var rich = SampleOfEverything.class.getResourceAsStream("rich.ndjson")) {
            lines.addAll(new String(rich.readAllBytes(), UTF_8).lines().toList());
        }
        Directory directory = new Directory(seed, practitioners);
        for (Kind kind : Kind.values()) {
            for (long i = 0; i < directory.size(kind); i++) {
                lines.add(new String(directory.json(kind, i), UTF_8));
            }
        }
        for (int i = 0; i < lines.size(); i += BATCH) {
            server.batch(lines.subList(i, Math.min(i + BATCH, lines.size())).stream()
                    .map(SampleOfEverything::entry)
                    .toList());
        }
    }

    private static String entry(String line) {
        Matcher start = START.matcher(line);
        assertThat(start.lookingAt()).as(line).isTrue();
        return "{\"request\":{\"method\":\"PUT\",\"url\":\"%s/%s\"},\"resource\":%s}"
                .formatted(start.group(1), start.group(2), line);
    }
}
