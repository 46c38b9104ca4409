package miroir.server.paging;

/**
 * For whom a link was made; it works for nobody else.
 *
 * @param tenant whose data it walks through
 * @param consumer who searched; an empty string where nobody had to say
 * @param base the base URL, or the part of it that tells the server's faces apart
 */
public record PageOwner(String tenant, String consumer, String base) {}
