package miroir.server.pipeline;

import java.util.Locale;

/** The steps of a request whose times a trace shows, in order. */
public enum Step {
    /** Id, host, authentication, routing. */
    PIPELINE,
    /** What HAPI does until it calls us. */
    HAPI,
    /** Query or body to something that we understand, and of a search to what the store can test. */
    PARSE,
    /** The database. */
    STORE,
    /** Stored bytes to the bytes of the answer. */
    WRITE,
    /** What comes after the last of them: the answer on its way to the client, or a failure and what led to it. No trace has it, since traces are sent before. */
    REST;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
