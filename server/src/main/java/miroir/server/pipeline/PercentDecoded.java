package miroir.server.pipeline;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import miroir.index.Refusal;

/** Percent-decoding of paths, in which a plus sign is a plus sign. */
final class PercentDecoded {
    private PercentDecoded() {}

    static String path(String raw) {
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the path \"" + Refusal.shown(raw)
                            + "\" is not percent-encoded: a % stands before two hexadecimal digits");
        }
    }
}
