<?xml version="1.0"?>
<!-- SPDX-License-Identifier: MIT -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="html" indent="yes"/>
  <xsl:key name="by" match="record" use="substring(name, 1, 2)"/>
  <xsl:template match="/records">
    <html><body><table>
      <xsl:for-each select="record">
        <xsl:sort select="name"/>
        <xsl:sort select="@price" data-type="number"/>
        <tr>
          <td><xsl:value-of select="name"/></td>
          <td><xsl:value-of select="format-number(@price, '#,##0.00')"/></td>
          <td><xsl:value-of select="count(key('by', substring(name, 1, 2)))"/></td>
          <td><xsl:apply-templates select="tag"/></td>
        </tr>
      </xsl:for-each>
    </table></body></html>
  </xsl:template>
  <xsl:template match="tag"><b><xsl:value-of select="."/></b></xsl:template>
</xsl:stylesheet>
