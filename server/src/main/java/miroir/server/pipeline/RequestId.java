package miroir.server.pipeline;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of a request: the client's own if it can stand in a log line as it is, else a new one. */
public final class RequestId {
    public static final String HEADER = "X-Request-Id";

    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._\\-]{1,64}");

    private static final HexFormat HEX = HexFormat.of();

    private RequestId() {}

    public static String of(@Nullable String sent) {
        return sent != null && ACCEPTED.matcher(sent).matches() ? sent : random();
    }

    private static String random() {
        return HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
