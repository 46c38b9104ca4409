package miroir.server.paging;

import java.time.Instant;
import java.util.Optional;

/** Where queries are kept that are too long for a link. All servers of an installation find what one of them kept. */
public interface KeptQueries {

    /** Keeps these bytes at least until then, and returns the name under which they are found. */
    String keep(byte[] query, Instant until);

    /** What was kept under that name; empty once it has expired. */
    Optional<byte[]> find(String name);
}
