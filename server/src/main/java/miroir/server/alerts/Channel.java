package miroir.server.alerts;

import java.io.IOException;

/** A way to people. */
interface Channel {
    /** By which what was told on it is known. */
    String name();

    /** Returns once somebody has taken it. */
    void send(Announcement announcement) throws IOException, InterruptedException;
}
