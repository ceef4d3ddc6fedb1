// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.TestPropertySource;

/** On a class that extends one {@link WithDatabase}: the same on the oldest PostgreSQL that may be external. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestPropertySource(properties = "test.database=oldest")
public @interface OnOldestDatabase {}
