package miroir.server.metadata;

/** Which version this is, as the jar says it; there is none where classes do not come from a jar. */
public final class ServerVersion {
    private ServerVersion() {}

    public static String text() {
        String inJar = ServerVersion.class.getPackage().getImplementationVersion();
        return inJar == null ? "development" : inJar;
    }
}
