package miroir.index.registry;

/**
 * A configuration file that somebody has read.
 *
 * @param name what messages call it, such as {@code conf/search/organization.yaml}; {@code .json} makes it a FHIR resource
 */
public record ConfigurationText(String name, String text) {}
