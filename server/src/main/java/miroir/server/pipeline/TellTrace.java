package miroir.server.pipeline;

/** Tells somebody the life of a request that is over. */
@FunctionalInterface
public interface TellTrace {
    /** The id of its trace, by which its line in the log can be found; an empty text where it is not told. */
    String tell(Exchange exchange, String method, int status);

    /** Nobody wants to know. */
    static TellTrace nowhere() {
        return (exchange, method, status) -> "";
    }
}
