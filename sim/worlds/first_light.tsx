<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" tiledversion="1.11.0" name="first_light" tilewidth="16" tileheight="16" tilecount="4" columns="4">
 <image source="first_light.png" width="64" height="16"/>
 <tile id="0" type="grass"/>
 <tile id="1" type="water"><properties><property name="solid" type="bool" value="true"/></properties></tile>
 <tile id="2" type="wall"><properties><property name="solid" type="bool" value="true"/></properties></tile>
 <tile id="3" type="path"/>
</tileset>
