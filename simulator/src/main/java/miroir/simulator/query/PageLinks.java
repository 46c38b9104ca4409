package miroir.simulator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import miroir.simulator.Kind;
import miroir.simulator.life.Position;

/**
 * The ids of links to next pages. One says by itself where to go on and as at which instant, like the real one, so that
 * no page of a chain depends on the server; a query that is too long is kept here and named by a number.
 */
final class PageLinks {
    /** Where a chain of pages goes on. */
    record Page(Kind kind, String query, long snapshot, Position position, int ordinal, long total) {}

    private static final int LONGEST = 500;
    private static final int KEPT = 1000;
    private static final String BAR = "\n";
    private static final int PARTS = 7;

    private final Map<Integer, String> longQueries = new LinkedHashMap<>();

    synchronized String id(Page page) {
        boolean keep = page.query().length() > LONGEST;
        String query = keep ? String.valueOf(kept(page.query())) : page.query();
        byte[] text = String.join(
                        BAR,
                        page.kind().name(),
                        String.valueOf(page.snapshot()),
                        String.valueOf(page.position().load()),
                        String.valueOf(page.position().place()),
                        String.valueOf(page.ordinal()),
                        String.valueOf(page.total()),
                        query)
                .getBytes(UTF_8);
        ByteBuffer sealed =
                ByteBuffer.allocate(text.length + 4).putInt(sum(text)).put(text);
        return (keep ? "d" : "u") + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.array());
    }

    synchronized Page page(String id) {
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(id.substring(1));
            byte[] text = new byte[sealed.length - 4];
            ByteBuffer buffer = ByteBuffer.wrap(sealed);
            int sum = buffer.getInt();
            buffer.get(text);
            if (sum != sum(text)) {
                throw SearchRefused.deadLink();
            }
            return page(new String(text, UTF_8).split(BAR, PARTS), id.startsWith("d"));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw SearchRefused.deadLink();
        }
    }

    private Page page(String[] parts, boolean kept) {
        String query = kept ? longQueries.get(Integer.valueOf(parts[6])) : parts[6];
        if (query == null) {
            throw SearchRefused.deadLink();
        }
        return new Page(
                Kind.valueOf(parts[0]),
                query,
                Long.parseLong(parts[1]),
                new Position(Integer.parseInt(parts[2]), Long.parseLong(parts[3])),
                Integer.parseInt(parts[4]),
                Long.parseLong(parts[5]));
    }

    private int kept(String query) {
        int key = query.hashCode();
        longQueries.put(key, query);
        if (longQueries.size() > KEPT) {
            longQueries.remove(longQueries.keySet().iterator().next());
        }
        return key;
    }

    private static int sum(byte[] text) {
        CRC32 sum = new CRC32();
        sum.update(text);
        return (int) sum.getValue();
    }
}
