package miroir.server.routing;

/**
 * What an administrator asks for.
 *
 * @param name the first variable part of the path; empty: it has none
 * @param second the second one
 */
public record AdminCall(AdminRoute route, String name, String second) {}
