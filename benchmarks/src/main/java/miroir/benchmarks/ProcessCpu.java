package miroir.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a process has used of the processors so far, in its own code and in the kernel on its behalf, and of the memory (Linux only). */
public final class ProcessCpu {
    private static final Pattern SPACE = Pattern.compile(" ");
    private static final double TICKS_PER_SECOND = 100;
    private static final String RESIDENT = "VmRSS:";
    private static final long KILOBYTES_PER_MEGABYTE = 1024;
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private ProcessCpu() {}

    /** CPU seconds since the process began; 0 where it cannot be seen, as a database on another machine. */
    public static double seconds(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.isReadable(stat)) {
            return 0;
        }
        try {
            // Behind the name, which stands in parentheses and may hold spaces, the fields are the third and following.
            String text = Files.readString(stat);
            List<String> fields = SPACE.splitAsStream(text.substring(text.lastIndexOf(')') + 2))
                    .toList();
            return (Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM))) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Megabytes of memory that the process has at present; 0 where it cannot be seen. */
    public static long residentMegabytes(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / KILOBYTES_PER_MEGABYTE)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
