<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" name="land" tilewidth="16" tileheight="16" tilecount="16" columns="4">
 <image source="land.png" width="64" height="64"/>
 <tile id="3" type="water"><properties><property name="solid" type="bool" value="true"/></properties></tile><tile id="5" type="wall"><properties><property name="solid" type="bool" value="true"/></properties></tile><tile id="6" type="roof"><properties><property name="solid" type="bool" value="true"/></properties></tile><tile id="4" type="floor"><properties><property name="solid" type="bool" value="false"/></properties></tile><tile id="10" type="fence"><properties><property name="solid" type="bool" value="true"/></properties></tile><tile id="8" type="wall"><properties><property name="solid" type="bool" value="true"/></properties></tile>
</tileset>
