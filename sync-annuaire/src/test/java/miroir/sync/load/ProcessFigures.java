package miroir.sync.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the kernel says of a process. Nothing can be read of one that has ended, so what was read last stays. All is 0 where there
 * is no {@code /proc}, and for a database on another machine.
 */
final class ProcessFigures {
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final double TICKS_PER_SECOND = 100;

    /** Behind the name, which stands in parentheses and may hold spaces, the fields are the third and following. */
    private static final int USER = 11;

    private static final int SYSTEM = 12;

    private final Path folder;
    private double cpuSeconds;
    private long peakKilobytes;

    ProcessFigures(long pid) {
        this.folder = Path.of("/proc", Long.toString(pid));
    }

    /** CPU seconds since it began, those of the kernel on its behalf included. */
    double cpuSeconds() {
        String text = read("stat");
        if (!text.isEmpty()) {
            List<String> fields = SPACE.splitAsStream(text.substring(text.lastIndexOf(')') + 2))
                    .toList();
            cpuSeconds = (Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM))) / TICKS_PER_SECOND;
        }
        return cpuSeconds;
    }

    /** The most memory that it ever had resident. */
    long peakKilobytes() {
        read("status")
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .forEach(line -> peakKilobytes = Long.parseLong(SPACE.split(line, -1)[1]));
        return peakKilobytes;
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            return "";
        }
    }
}
