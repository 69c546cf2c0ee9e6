/** What people who only have kubectl see of the product. */
@NullMarked
package dev.rouse.e2e.product;

import org.jspecify.annotations.NullMarked;
