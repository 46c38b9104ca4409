package miroir.simulator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import miroir.simulator.fault.Target;
import miroir.simulator.query.ResultPage;
import org.jspecify.annotations.Nullable;

/**
 * What is answered where nothing goes wrong.
 *
 * @param base of the links
 * @param type of the resources; empty for none
 * @param page null where the answer is a text that is there already
 */
record Asked(String base, String type, @Nullable ResultPage page, String text) {

    /** What can go wrong with it. */
    Target target() {
        return page == null
                ? Target.other(type)
                : new Target(type, true, page.isCountOnly() ? 0 : page.ordinal(), page::isFollowed);
    }

    /** The answer in one piece, for those that want to break it. */
    byte[] whole(String self) throws IOException {
        if (page == null) {
            return text.getBytes(UTF_8);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        page.write(out, base, self, null);
        return out.toByteArray();
    }
}
