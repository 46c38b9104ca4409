package miroir.server.format;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The media type of a content that is no resource, as RFC 9110 has it: what it may look like, and what browsers make of it. */
public final class ContentType {
    /** Of what is not said what it is. */
    public static final String UNKNOWN = "application/octet-stream";

    private static final int LONGEST = 255;
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
    private static final Pattern TYPE = Pattern.compile(
            TOKEN + "/" + TOKEN + "(?: ?; ?" + TOKEN + "=(?:" + TOKEN + "|\"[A-Za-z0-9 !#-\\[\\]-~]*\"))*");

    /** What browsers show and never run. An SVG image, HTML and every XML can have scripts in it, and so can a PDF. */
    private static final Set<String> SHOWN = Set.of("image/png", "image/jpeg", "image/gif", "image/webp", "text/plain");

    private ContentType() {}

    /** Whether it can stand in a header. */
    public static boolean isOne(@Nullable String text) {
        return text != null && text.length() <= LONGEST && TYPE.matcher(text).matches();
    }

    /** Whether a browser may open it, as an image or a sound, rather than save it. */
    public static boolean isShown(String contentType) {
        String name = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return SHOWN.contains(name) || name.startsWith("audio/") || name.startsWith("video/");
    }
}
